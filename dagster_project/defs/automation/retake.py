"""One source and one day taken again, by configuration or as a partition (a backfill is several of them).

After it a whole run is asked for, so that the marts follow. Annotations are evaluated here, not postponed:
Dagster does not resolve that of `context` from its text.
"""

import re
from datetime import date

import dagster as dg

from dagster_project import settings
from dagster_project.defs.automation.refresh import refresh
from dagster_project.lib import alive, backfill
from dagster_project.lib.ingest.contracts.folders import source_folders

FIRST_DAY = "2020-01-01"
"""Of the days that can be picked on the page; a configured day may be earlier."""
_SOURCES = [
    name for name in sorted(source_folders(settings.load().channels)) if re.fullmatch(r"[\w-]+", name)
]

source_days = dg.MultiPartitionsDefinition(
    {
        "source": dg.StaticPartitionsDefinition(_SOURCES),
        "day": dg.DailyPartitionsDefinition(FIRST_DAY, timezone="Asia/Shanghai", end_offset=1),
    }
)


class Day(dg.Config):
    """Which exports: of a run without a partition both are needed."""

    source: str = ""
    day: str = ""
    """YYYY-MM-DD, the day of the export time."""
    accept_fewer: bool = False
    """Also replace a batch where the present contract accepts fewer rows than were taken before."""


@dg.op(tags={"stage": "ingestion"})
def take_day_again(context: dg.OpExecutionContext, config: Day) -> None:
    """Reads the source's files of that day under the present contracts; nothing doubles."""
    source, day = config.source, config.day
    if context.has_partition_key and isinstance(context.partition_key, dg.MultiPartitionKey):
        keys = context.partition_key.keys_by_dimension
        source, day = keys["source"], keys["day"]
    if not source or not day:
        raise dg.Failure("retake: give source and day (YYYY-MM-DD) in the configuration, or pick a partition")
    loaded = settings.load()
    with alive.mark(loaded.dagster_home, context.run_id):
        counts = backfill.retake_day(
            loaded, source, date.fromisoformat(day), allow_fewer=config.accept_fewer, say=context.log.info
        )
    alive.forget(loaded.dagster_home, context.run_id)
    context.add_output_metadata({"source": source, "day": day, **counts})


@dg.job(
    partitions_def=source_days,
    executor_def=dg.in_process_executor,
    description="Takes one source's exports of one day again, after its contract was mended; a run follows.",
)
def retake() -> None:
    """One op; `refresh` is asked for by the sensor below."""
    take_day_again()


@dg.run_status_sensor(
    run_status=dg.DagsterRunStatus.SUCCESS,
    monitored_jobs=[retake],
    request_job=refresh,
    default_status=dg.DefaultSensorStatus.RUNNING,
    description="A whole run after files were taken again.",
)
def after_retake(context: dg.RunStatusSensorContext) -> dg.RunRequest:
    """One run for each retake; several wait in the queue, and all but the first find little to do."""
    return dg.RunRequest(run_key=context.dagster_run.run_id)
