"""The one job, from landing to the published file, and the schedule that starts it every morning."""

from __future__ import annotations

import dagster as dg

from dagster_project.execution import JOB

refresh = dg.define_asset_job(
    JOB,
    selection=dg.AssetSelection.all() - dg.AssetSelection.groups("reports"),
    executor_def=dg.in_process_executor,
    description="One complete run: ingest, addresses, identity, one dbt build, publish.",
)

every_morning = dg.ScheduleDefinition(
    name="every_morning",
    job=refresh,
    cron_schedule="0 7 * * *",
    execution_timezone="Asia/Shanghai",
    default_status=dg.DefaultScheduleStatus.RUNNING,
    description="At 07:00, so that the officer reads yesterday's figures with the first tea.",
)
