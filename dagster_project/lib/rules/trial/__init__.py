"""`luyue rules try`: what a change would have done, beside the present state; that is only read."""
