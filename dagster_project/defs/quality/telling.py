"""The sensor that tells owners of new critical findings after a run has published. Off at first."""

import dagster as dg

from dagster_project import settings
from dagster_project.defs.automation.refresh import refresh
from dagster_project.lib.quality import telling


@dg.run_status_sensor(
    run_status=dg.DagsterRunStatus.SUCCESS,
    monitored_jobs=[refresh],
    default_status=dg.DefaultSensorStatus.STOPPED,
    description="Tells each owner once of critical findings on their master data (LUYUE_OWNERS).",
)
def critical_findings(context: dg.RunStatusSensorContext) -> dg.SkipReason:
    """It starts no run: what it has done, or what did not work, is its reason to skip."""
    told = telling.tell_new(settings.load())
    for line in told.failures:
        context.log.warning(line)
    done = ", ".join(f"{owner}: {count}" for owner, count in told.counts.items())
    return dg.SkipReason("; ".join([*told.failures, done or "nothing new to tell"]))
