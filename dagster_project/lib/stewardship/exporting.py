"""Corrections as tables: what stands with what became of it, and a file for the system of record.

Read from the inbox and the published file. What may be corrected, and how, does not belong here.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from dagster_project import safe_tables
from dagster_project.lib import publish
from dagster_project.lib.stewardship import entries, published
from dagster_project.lib.stewardship.entities import ENTITIES
from dagster_project.settings import Settings

if TYPE_CHECKING:
    import polars as pl

AWAITING = "awaiting_run"
"""State of what was approved or revoked since the last run."""
COLUMNS = (
    "correction_id", "state", "entity", "record_key", "field", "old_value", "new_value", "valid_from",
    "reason", "proposer", "approver", "proposed_at", "decided_at",
)  # fmt: skip
FOR_THE_SOURCE = ("applied", AWAITING, "pending")
"""States of corrections that the system of record does not have yet."""


def listed(
    settings: Settings,
    *,
    states: Sequence[str] = (),
    entity: str | None = None,
    record_key: str | None = None,
) -> pl.DataFrame:
    """Every correction, the newest first: `COLUMNS`. `state` is proposed, awaiting_run, pending (counts from
    a later cut-off on), applied, retired (the source says it itself), overtaken (the source says a third
    value), missing (the record is gone), revoked or replaced (by a later correction of the same value)."""
    import polars as pl

    told = entries.standing(entries.read(settings).frame)
    ran = _as_of_the_run(settings)
    told = told.join(ran, on="correction_id", how="left")
    state = (
        pl.when(pl.col("status") != "approved")
        .then("status")
        .when(pl.col("state_then").is_null() | pl.col("state_then").is_in(["proposed", "revoked"]))
        .then(pl.lit(AWAITING))
        .otherwise("state_then")
        .alias("state")
    )
    told = told.with_columns(state).sort("proposed_at", "correction_id", descending=[True, False])
    if states:
        told = told.filter(pl.col("state").is_in(list(states)))
    if entity:
        told = told.filter(entity=entity)
    if record_key:
        told = told.filter(record_key=record_key)
    return told.select(COLUMNS)


def csv(settings: Settings, *, everything: bool = False) -> bytes:
    """The corrections that the system of record should take over, as CSV that runs no formula; or all of
    them.

    One row a value: the feed and its key columns, the field, what it says and what it should say.
    """
    import polars as pl

    told = listed(settings) if everything else listed(settings, states=FOR_THE_SOURCE)
    feeds = {entity.name: entity.feed or "spellings" for entity in ENTITIES.values()}
    named = told.with_columns(
        pl.col("entity").replace_strict(feeds, default=None, return_dtype=pl.String).alias("feed")
    )
    return safe_tables.csv_bytes(named.select("feed", *COLUMNS))


def _as_of_the_run(settings: Settings) -> pl.DataFrame:
    import polars as pl

    file = publish.current(settings)
    if file is None or not published.has(file, "rpt_corrections"):
        return pl.DataFrame(schema={"correction_id": pl.String, "state_then": pl.String})
    return published.query(file, "select correction_id, state as state_then from marts.rpt_corrections")
