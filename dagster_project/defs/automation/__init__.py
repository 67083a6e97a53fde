"""What starts a run: the job, its schedule, and the sensor on landing/."""
