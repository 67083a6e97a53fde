"""What is to be mended, delivered to its owners every Monday morning; off until somebody switches it on."""

import dagster as dg

from dagster_project import settings
from dagster_project.lib.report import delivery

JOB = "deliver_reports"


@dg.asset(
    key=["reports", "to_mend"],
    deps=[dg.AssetKey(["serving", "published"])],
    group_name="reports",
    owners=["team:data-engineering"],
    kinds={"html"},
    tags={"stage": "serving"},
)
def to_mend() -> dg.MaterializeResult:
    """Pages and letters for the owners of master data, in DATA/outbox/reports/; once a published version."""
    from datetime import datetime

    return dg.MaterializeResult(metadata=delivery.deliver(settings.load(), datetime.now()))


deliver_reports = dg.define_asset_job(
    JOB,
    selection=dg.AssetSelection.groups("reports"),
    executor_def=dg.in_process_executor,
    description="Findings to their owners: files in the outbox, letters where recipients are set.",
)

every_monday = dg.ScheduleDefinition(
    name="reports_every_monday",
    job=deliver_reports,
    cron_schedule="30 7 * * 1",
    execution_timezone="Asia/Shanghai",
    default_status=dg.DefaultScheduleStatus.STOPPED,
    description="At 07:30, after the morning's run.",
)
