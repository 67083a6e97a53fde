"""Derivations that look at other rows of the file: merged cells, ordinals, what a group says of its newest
row.

Each takes and changes a `memory` that lives as long as the file, so that a file that is read in chunks comes
out as if it had been read at once.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import polars as pl

from dagster_project.lib.ingest.rules.row_rules import filled

Memory = dict[str, Any]
"""What derivations know of the rows of the file before this chunk; empty at its first row."""


def fill_down(frame: pl.DataFrame, rule: Mapping[str, Any], memory: Memory) -> pl.DataFrame:
    """Gives rows without `key` the key and the `columns` of the last row that had one.

    Merged cells leave a whole order's columns empty below its first line. A row that contradicts the row
    above in one of the columns is no part of it and stays without key.
    """
    key = rule["key"]
    if key not in frame.columns or not frame.height:
        return frame
    names = [name for name in dict.fromkeys((key, *rule["columns"])) if name in frame.columns]
    above: pl.DataFrame = memory.get("fill_down", frame.select(names).head(0))
    rows = pl.concat([above, frame.select(names)])
    memory["fill_down"] = rows.filter(pl.col(key).is_not_null()).tail(1)
    if not frame[key].null_count():
        return frame
    group = pl.col(key).is_not_null().cum_sum()
    rows = rows.with_columns(group.alias("#"))
    first = [pl.col(name).first().over("#").alias(f"#{name}") for name in names]
    agrees = pl.all_horizontal(
        [(pl.col(name).is_null() | (pl.col(name) == pl.col(f"#{name}")).fill_null(False)) for name in names]
    )
    belongs = pl.col(key).is_null() & (pl.col("#") > 0) & agrees
    rows = rows.with_columns(first).select(
        pl.when(belongs).then(pl.coalesce(name, f"#{name}")).otherwise(pl.col(name)).alias(name)
        for name in names
    )
    return frame.with_columns(rows.slice(above.height).get_columns())


def on_newest(frame: pl.DataFrame, target: str, rule: Mapping[str, Any], lines: pl.Series) -> pl.DataFrame:
    """What a file says of a whole group fills the group's newest row, the first of equals.

    A group is a run of rows that follow each other on one line with the same `within`: the items of one JSON
    object, which no chunk cuts. So two states of one waybill in a file each stand at their own newest node.
    """
    if not {rule["value"], rule["time"], *rule["within"]} <= set(frame.columns):
        return frame
    run = pl.struct(*rule["within"], pl.lit(lines).alias("#")).rle_id().alias("#")
    time = pl.col(rule["time"])
    newest = (time == time.max().over("#")) & pl.struct("#", rule["time"]).is_first_distinct()
    value = pl.when(newest).then(pl.col(rule["value"]))
    return frame.with_columns(run).with_columns(filled(frame, target, value)).drop("#")


def ordinals(frame: pl.DataFrame, target: str, rule: Mapping[str, Any], memory: Memory) -> pl.DataFrame:
    """An id made of `prefix` and a count from 1 in file order `within` columns, where there is none.

    With `repeated: true` a filled target stays, and only the second and later row of equal `within` get the
    separator and their count behind it: identical lines can be real.
    """
    within = list(rule["within"])
    if not {rule["prefix"], *within} <= set(frame.columns) or not frame.height:
        return frame
    n: pl.Series = frame.select(pl.int_range(1, pl.len() + 1).over(within)).to_series()
    before = _counts_before(memory.setdefault("ordinals", {}), target, frame.select(within))
    if before is not None:
        keys = frame.select(within)
        known = keys.join(before, on=within, how="left", nulls_equal=True, maintain_order="left")
        n = n + known["#"].fill_null(0)
    numbered = pl.col(rule["prefix"]) + rule["separator"] + pl.lit(n.cast(pl.String))
    if rule.get("repeated") and target in frame.columns:
        again = pl.col(target) + rule["separator"] + pl.lit(n.cast(pl.String))
        frame = frame.with_columns(pl.when(pl.lit(n > 1)).then(again).otherwise(pl.col(target)).alias(target))
    return frame.with_columns(filled(frame, target, numbered))


def _counts_before(memory: Memory, target: str, keys: pl.DataFrame) -> pl.DataFrame | None:
    """Rows per key of the chunks before this one; counted only once a second chunk comes."""
    counts, last = memory.get(target, (None, None))
    if last is not None:
        grown = last.group_by(keys.columns).agg(pl.len().cast(pl.Int64).alias("#"))
        if counts is not None:
            grown = pl.concat([counts, grown]).group_by(keys.columns).agg(pl.col("#").sum())
        counts = grown
    memory[target] = (counts, keys)
    return counts
