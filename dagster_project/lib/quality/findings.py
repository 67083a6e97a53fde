"""What a failing row's finding is: the one place that names record, field, value, reason and suggestion.

Ids, states, days and costs are added in dbt, for these and for what is found there alike.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from dagster_project.lib.quality.rules import Rule, Suite

if TYPE_CHECKING:
    import polars as pl

TEXTS = (
    *("rule_code", "entity", "record_key", "field", "value", "reason_code"),
    *("detail", "suggestion", "record_owner", "source"),
)
"""Columns of a finding, texts all. `detail` is what was seen besides the value; `record_owner` who the record
itself says owns it."""
COUNTED = ("rule_code", "entity", "source", "record_owner")
"""Columns by which checked records are counted."""
SHOWN = 200
"""Characters of a value or detail that a finding shows."""
STANDS_FOR = {"store": "store", "warehouse": "resource"}
"""Entity of a resource by its type; of others `resource`. The feed `warehouses` has the entity of that
name."""


def none() -> pl.DataFrame:
    """No findings."""
    import polars as pl

    return pl.DataFrame(schema=dict.fromkeys(TEXTS, pl.String()))


def none_checked() -> pl.DataFrame:
    """Nothing checked."""
    import polars as pl

    return pl.DataFrame(schema={**dict.fromkeys(COUNTED, pl.String()), "checked": pl.Int64()})


def of_rule(suite: Suite, rule: Rule, judged: pl.DataFrame, failing: Sequence[int]) -> pl.DataFrame:
    """One finding for each failing row: `failing` are their places in `judged`."""
    import polars as pl

    rows = judged[list(failing)] if failing else judged.clear()
    reason = pl.col(rule.code) if rule.expect == "sound" else pl.lit(_REASONS[rule.expect])
    return rows.select(
        rule_code=pl.lit(rule.code),
        entity=entity(suite),
        record_key=key(suite),
        field=pl.lit(rule.field),
        value=_shown(judged, rule.field),
        reason_code=reason,
        detail=_beside(judged, rule, "detail").str.slice(0, SHOWN),
        suggestion=_beside(judged, rule, "suggestion"),
        record_owner=_owner(judged),
        source="source",
    )


def joined(found: Sequence[pl.DataFrame]) -> pl.DataFrame:
    """All findings of a suite. A record has one finding a rule: of a doubled key the last row's."""
    import polars as pl

    every = pl.concat([none(), *found])
    return every.unique(["rule_code", "entity", "record_key"], keep="last", maintain_order=True)


def checked(suite: Suite, judged: pl.DataFrame) -> pl.DataFrame:
    """How many records each rule looked at, by entity, source and owner."""
    import polars as pl

    counted = judged.group_by(entity=entity(suite), source=pl.col("source"), record_owner=_owner(judged)).agg(
        checked=pl.len().cast(pl.Int64)
    )
    rules = pl.DataFrame({"rule_code": [rule.code for rule in suite.rules]})
    return rules.join(counted, how="cross").select(*COUNTED, "checked")


def entity(suite: Suite) -> pl.Expr:
    """What a record is: of resources by their type."""
    import polars as pl

    if suite.entity != "resource":
        return pl.lit(suite.entity)
    return pl.col("resource_type").replace_strict(STANDS_FOR, default="resource", return_dtype=pl.String)


def key(suite: Suite) -> pl.Expr:
    """The key of a record as one text: `channel/shop/code`, `carrier/adcode/level@2026-01-01 00:00:00`."""
    import polars as pl

    parts = pl.concat_str([pl.col(c).cast(pl.String).fill_null("") for c in suite.key], separator="/")
    if suite.since is None:
        return parts
    return parts + pl.col(suite.since).dt.strftime("@%Y-%m-%d %H:%M:%S").fill_null("")


def _shown(judged: pl.DataFrame, field: str) -> pl.Expr:
    import polars as pl

    if judged.schema[field].is_temporal():
        return pl.col(field).dt.strftime("%Y-%m-%d %H:%M:%S")
    return pl.col(field).cast(pl.String).str.slice(0, SHOWN)


_REASONS = {
    "regex": "not_as_written",
    "known": "missing",
    "one_of": "unknown_word",
    "between": "out_of_range",
}


def _beside(judged: pl.DataFrame, rule: Rule, what: str) -> pl.Expr:
    import polars as pl

    name = f"{rule.code}__{what}"
    return pl.col(name).cast(pl.String) if name in judged.columns else pl.lit(None, pl.String)


def _owner(judged: pl.DataFrame) -> pl.Expr:
    import polars as pl

    if "owner" not in judged.columns:
        return pl.lit(None, pl.String)
    return pl.when(pl.col("owner").str.strip_chars() != "").then("owner")
