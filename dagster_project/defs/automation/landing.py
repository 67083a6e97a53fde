"""The sensor on landing/: starts a run when new files have arrived whole. Off at first."""

from __future__ import annotations

from dataclasses import replace

import dagster as dg

from dagster_project import settings
from dagster_project.defs.automation.refresh import refresh
from dagster_project.lib import arrivals

INTERVAL_SECONDS = 60


@dg.sensor(
    job=refresh,
    minimum_interval_seconds=INTERVAL_SECONDS,
    default_status=dg.DefaultSensorStatus.STOPPED,
    description="One run for each settled set of files that were not taken yet.",
)
def new_files(context: dg.SensorEvaluationContext) -> dg.RunRequest | dg.SkipReason:
    """The cursor is a fingerprint of the set that a run was asked for: the same set is asked for once."""
    waiting = arrivals.waiting(replace(settings.load(), settled_only=True))
    if not waiting.files:
        held = next(iter(waiting.held.items()), None)
        return dg.SkipReason(f"{held[0]}: {held[1]}" if held else "no new file in landing/")
    if context.cursor == waiting.fingerprint:
        return dg.SkipReason(f"a run was already asked for these {len(waiting.files)} files")
    context.update_cursor(waiting.fingerprint)
    return dg.RunRequest(run_key=waiting.fingerprint)
