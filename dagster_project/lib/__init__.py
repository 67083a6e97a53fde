"""Plain Python that the stages call; nothing here imports Dagster."""
