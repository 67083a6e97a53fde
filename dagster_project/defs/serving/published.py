"""warehouse.duckdb → serving/serve_<run>.duckdb and CURRENT, behind every blocking check."""

from __future__ import annotations

import dagster as dg

from dagster_project import settings
from dagster_project.lib import dbt_project, stages
from dagster_project.lib.session import Session


@dg.definitions
def serving() -> dg.Definitions:
    """The published file as an asset downstream of every mart."""
    manifest = dbt_project.prepare_manifest(settings.load())
    marts = [dg.AssetKey(["marts", name]) for name in dbt_project.marts(manifest)]

    @dg.asset(
        key=["serving", "published"],
        deps=marts,
        group_name="serving",
        owners=["team:data-engineering"],
        kinds={"duckdb"},
        tags={"stage": "serving"},
    )
    def published(session: dg.ResourceParam[Session]) -> dg.MaterializeResult:
        """The marts in a file of their own that the dashboard, reports and BI read; the last three stay."""
        return dg.MaterializeResult(metadata=stages.published(session))

    return dg.Definitions(assets=[published])
