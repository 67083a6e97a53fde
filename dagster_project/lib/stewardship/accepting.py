"""Suggestions beside the findings that they mend, and taking them in bulk as corrections.

How a value is suggested belongs in suggesting/; whether it may be taken, in checking.py.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from dagster_project.lib.errors import LuyueError
from dagster_project.lib.stewardship import deciding, findings
from dagster_project.settings import Settings

if TYPE_CHECKING:
    import polars as pl

RULES = {
    "spellings": ("district_spellings", "province_spellings"),
    "names": ("place_province_spelling",),
    "points": (
        "place_coordinates_swapped", "place_coordinates_scaled", "place_coordinates_missing",
        "place_coordinates_datum",
    ),
    "aliases": ("channel_code_unmapped",),
    "duplicates": ("sku_barcode_shared", "sku_name_duplicate"),
}  # fmt: skip
"""Kind of suggestion → the rules whose findings it mends."""
SHOWN = (
    "finding_id", "rule_code", "severity", "owner", "entity", "record_key", "field", "old_value", "new_value",
    "confidence", "why_zh", "why_en", "orders_touched", "kpi_points",
)  # fmt: skip


def suggested(
    published: Path,
    *,
    rule: str | None = None,
    owner: str | None = None,
    finding_ids: Sequence[str] = (),
    min_confidence: float = 0.0,
) -> pl.DataFrame:
    """The suggestions for open findings, the costliest first: `SHOWN`. A finding may have several rows, one a
    value; entity, record_key and field are those of the correction. Raises LuyueError for a rule that has
    none."""
    import polars as pl

    from dagster_project.lib.stewardship.suggesting import aliases, duplicates, names, points, spellings

    kinds = {
        "spellings": spellings,
        "names": names,
        "points": points,
        "aliases": aliases,
        "duplicates": duplicates,
    }
    if rule is not None and not any(rule in rules for rules in RULES.values()):
        known = ", ".join(name for rules in RULES.values() for name in rules)
        raise LuyueError(f"{rule}: the warehouse suggests nothing for this rule; it does for {known}")
    found = findings.listed(
        published, only_open=True, rule_code=[rule] if rule else [], finding_id=finding_ids
    )
    if owner is not None:
        found = found.filter(owner=owner)
    about = found.select(
        "finding_id", "rule_code", "severity", "owner", "orders_touched", "kpi_points",
        pl.col("record_key").alias("about_key"), pl.col("field").alias("about_field"),
    )  # fmt: skip
    pieces = [
        kinds[kind].suggested(published).join(about.filter(pl.col("rule_code").is_in(rules)), on="about_key")
        for kind, rules in RULES.items()
        if about["rule_code"].is_in(rules).any()
    ]
    if not pieces:
        return pl.DataFrame(schema=dict.fromkeys(SHOWN, pl.String)).cast({"confidence": pl.Float64})
    told = pl.concat([piece.select(*SHOWN, "about_field") for piece in pieces], how="vertical_relaxed")
    is_spelling = pl.col("field").str.ends_with("_written")
    told = told.filter(~is_spelling | (pl.col("about_field").fill_null(pl.col("field")) == pl.col("field")))
    order = ["kpi_points", "orders_touched", "finding_id", "record_key", "field", "old_value"]
    told = told.filter(pl.col("confidence") >= min_confidence)
    return told.sort(order, descending=[True, True, *[False] * 4], nulls_last=True).select(SHOWN)


def accept(
    settings: Settings,
    *,
    rule: str | None = None,
    owner: str | None = None,
    finding_ids: Sequence[str] = (),
    min_confidence: float = 0.9,
    by: str | None = None,
    reason: str | None = None,
    now: datetime | None = None,
) -> deciding.Outcome:
    """Takes the suggestions that are sure enough as corrections; what a rule refuses is told, the rest is
    taken.

    A value that several findings speak of is corrected once. Raises LuyueError where there is no suggestion.
    """
    file = deciding.published(settings)
    told = suggested(file, rule=rule, owner=owner, finding_ids=finding_ids, min_confidence=min_confidence)
    if told.is_empty():
        raise LuyueError(f"no open finding has a suggestion of confidence {min_confidence:.2f} or more")
    value = ["entity", "record_key", "field", "old_value"]
    surest = told.sort("confidence", descending=True, maintain_order=True).unique(
        value, keep="first", maintain_order=True
    )
    why = reason or f"suggestion accepted, confidence {min_confidence:.2f} or more"
    return deciding.propose(settings, surest, reason=why, by=by, now=now)
