"""The suites over master data, before dbt: what they found, and what people said of findings since."""

from __future__ import annotations

from collections.abc import Iterator

import dagster as dg

from dagster_project.lib import stages
from dagster_project.lib.quality.rules import suites
from dagster_project.lib.session import Session


def _spec(name: str, description: str) -> dg.AssetSpec:
    return dg.AssetSpec(
        ["quality", name],
        deps=[["lake", feed] for feed in ("batches", *sorted({suite.feed for suite in suites().values()}))],
        description=description,
        group_name="quality",
        owners=["team:master-data"],
        kinds={"python", "parquet"},
        tags={"stage": "quality"},
    )


@dg.multi_asset(
    name="quality",
    specs=[
        _spec("found", "One row per rule and master record that fails it."),
        _spec("checked", "One row per rule, source and owner: how many records were looked at."),
        _spec("standing", "One row per finding published before, with what people said of it since."),
        _spec("scores", "The scores that were published before, for their trend."),
    ],
)
def quality(session: dg.ResourceParam[Session]) -> Iterator[dg.MaterializeResult]:
    """Suites run again only where their rows, rules or code changed."""
    counts = stages.quality(session)
    yield dg.MaterializeResult(["quality", "found"], metadata=counts)
    for name in ("checked", "standing", "scores"):
        yield dg.MaterializeResult(["quality", name])
