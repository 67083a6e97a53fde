"""What stands behind the figures of runs, which no mart holds: stages, feeds, what checks said."""

from __future__ import annotations

from collections.abc import Sequence

import polars as pl

from app.labels import Labels
from app.published import Version
from app.queries import feeds
from app.queries.behind import Door, frame_door
from dagster_project.operating import Run


def stages(known: Sequence[Run]) -> pl.DataFrame:
    """What each stage of these runs took: run_id, run_stage, stage_seconds."""
    rows = [
        {"run_id": run.run_id, "run_stage": name, "stage_seconds": took}
        for run in known
        for name, took in run.seconds.items()
    ]
    kinds = {"run_id": pl.String, "run_stage": pl.String, "stage_seconds": pl.Float64}
    return pl.DataFrame(rows, schema=kinds)


def feeds_of(version: Version) -> pl.DataFrame:
    """Each feed with its newest export, and the source that was silent longest."""
    return feeds.all_feeds(version).select(
        "source_feed",
        "newest_exported_at",
        "age_hours",
        "is_fresh",
        "oldest_source",
        "oldest_source_age_hours",
    )


def checks(run: Run, say: Labels) -> Door | None:
    """What checks blocked and warned of; those passed leave no line."""
    lines = [(say("operations.check_failed"), line) for line in run.blocked]
    lines += [(say("operations.check_warned"), line) for line in run.warnings]
    frame = pl.DataFrame(lines, schema={"check_outcome": pl.String, "check_told": pl.String}, orient="row")
    return frame_door(say("operations.checks"), frame, "check_outcome") if lines else None
