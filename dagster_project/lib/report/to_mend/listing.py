"""What the pages show: the open findings of a published file with their suggestions, in all and by owner.

How it looks belongs in document.py, where it is written in writing.py.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from dagster_project.lib.stewardship import accepting, findings

if TYPE_CHECKING:
    import polars as pl

SEVERITIES = ("critical", "major", "minor")
"""The gravest first."""
COLUMNS = (
    "finding_id", "severity", "state", "owner", "rule_code", "title_zh", "title_en", "entity", "record_key",
    "field", "value", "detail", "suggestion", "confidence", "orders_touched", "kpi_points", "kpi_hurt",
    "due_at", "is_overdue", "first_seen_at", "remedy_zh", "remedy_en",
)  # fmt: skip
"""Columns of the tables, pages and files alike."""
MOST_SUGGESTED = 3
"""Values of one finding's suggestion that are spelt out; of more, how many."""
_LONGEST_NAME = 40


@dataclass(frozen=True)
class Listing:
    """One page: `owner` is null on the page of all; `findings` has `COLUMNS`, the costliest first."""

    owner: str | None
    findings: pl.DataFrame
    rules: pl.DataFrame
    """Per rule with open findings: severity, titles, remedies, findings (how many), costliest (points)."""

    number: int = 0
    """Tells owners apart whose names are alike as file names."""

    @property
    def name(self) -> str:
        """What its files are called, without the ending."""
        if self.owner is None:
            return "to_mend"
        return f"to_mend-{_plain(self.owner)}" + (f"-{self.number}" if self.number else "")


def listings(published_file: Path, owner: str | None = None) -> tuple[Listing, ...]:
    """The page of all and one an owner, or with `owner` that one's alone. Nothing for a file without findings
    in this form."""
    import polars as pl

    if not findings.is_there(published_file):
        return ()
    found = findings.listed(published_file, only_open=True)
    suggested = _suggested(accepting.suggested(published_file))
    found = found.drop("confidence", strict=False).join(
        suggested, on="finding_id", how="left", maintain_order="left"
    )
    there = pl.col("suggestion") if "suggestion" in found.columns else pl.lit(None, pl.String)
    found = found.with_columns(suggestion=pl.coalesce("suggested", there))
    lacking = [pl.lit(None, pl.String).alias(name) for name in COLUMNS if name not in found.columns]
    whole = found.with_columns(lacking).select(COLUMNS)
    if owner is not None:
        return (_listing(whole.filter(owner=owner), owner),)
    made = [_listing(whole, None)]
    for name in whole["owner"].drop_nulls().unique().sort():
        alike = sum(each.owner is not None and _plain(each.owner) == _plain(name) for each in made)
        made.append(replace(_listing(whole.filter(owner=name), name), number=alike))
    return tuple(made)


def _listing(found: pl.DataFrame, owner: str | None) -> Listing:
    import polars as pl

    rules = found.group_by("rule_code", "severity", "title_zh", "title_en", "remedy_zh", "remedy_en").agg(
        pl.len().alias("findings"),
        pl.col("kpi_points").max().alias("costliest"),
    )
    order = pl.col("severity").replace_strict(
        {name: at for at, name in enumerate(SEVERITIES)}, default=len(SEVERITIES), return_dtype=pl.Int64
    )
    rules = rules.with_columns(order.alias("rank")).sort(
        "costliest", "rank", "findings", "rule_code", descending=[True, False, True, False], nulls_last=True
    )
    return Listing(owner, found, rules.drop("rank"))


def _suggested(told: pl.DataFrame) -> pl.DataFrame:
    """One text a finding: `field: old → new`, the least confidence of its values."""
    import polars as pl

    change = pl.format(
        "{}: {} → {}", "field", pl.col("old_value").fill_null("–"), pl.col("new_value").fill_null("–")
    )
    texts = pl.col("change")
    more = (
        pl.when(pl.len() > MOST_SUGGESTED)
        .then(pl.format(" (+{})", pl.len() - MOST_SUGGESTED))
        .otherwise(pl.lit(""))
    )
    return (
        told.with_columns(change=change)
        .group_by("finding_id")
        .agg(
            (texts.head(MOST_SUGGESTED).str.join("; ").first() + more.first()).alias("suggested"),
            pl.col("confidence").min(),
        )
    )


def _plain(owner: str) -> str:
    """An owner as part of a file's name, whatever they are called: letters and digits of any script."""
    return re.sub(r"\W+", "_", owner).strip("_")[:_LONGEST_NAME] or "nobody"


def as_record(listing: Listing) -> dict[str, Any]:
    """A page's data as JSON may hold it: columns as lists, times as texts; rules once, by code."""
    import polars as pl

    found = listing.findings
    times = [
        pl.col(name).dt.to_string("%Y-%m-%d")
        for name in ("due_at", "first_seen_at")
        if found.schema[name].is_temporal()
    ]
    shown = found.with_columns(times).select(pl.exclude("title_zh", "title_en", "remedy_zh", "remedy_en"))
    rules = {row["rule_code"]: row for row in listing.rules.to_dicts()}
    return {"columns": shown.to_dict(as_series=False), "rules": rules}
