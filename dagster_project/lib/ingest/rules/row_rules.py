"""Derivations that look at one row alone: prefixes, split cells, lists in a cell, sums, signs, composed ids.

What looks at neighbouring rows is in neighbour_rules.py, what maps words in word_rules.py. A derived value
only fills an empty cell.
"""

from __future__ import annotations

import re
import string
from collections.abc import Mapping
from typing import Any

import polars as pl

from dagster_project.lib.feeds import polars_types
from dagster_project.lib.ingest.by_value import by_value
from dagster_project.lib.ingest.contracts.types import OPTIONAL

_WIDE_BRACKETS = str.maketrans("()", "（）")
LIST_SEPARATOR = ","
"""Between the items of a list that a cell holds, as `extras` shows it."""


def filled(frame: pl.DataFrame, column: str, value: pl.Expr) -> pl.Expr:
    """The value under the column's name, where the column has none yet."""
    return (pl.coalesce(column, value) if column in frame.columns else value).alias(column)


def given(frame: pl.DataFrame, values: Mapping[str, str]) -> pl.DataFrame:
    """One value for every row of each column."""
    return frame.with_columns(filled(frame, column, pl.lit(value)) for column, value in values.items())


def strip_prefix(frame: pl.DataFrame, column: str, rule: Mapping[str, str]) -> pl.DataFrame:
    """Takes a text, with brackets of either width, off the front of a column; `marks` says in another column
    where it stood."""
    text, wide = pl.col(column), rule["text"].translate(_WIDE_BRACKETS)
    if "marks" in rule:
        marked = (text.str.starts_with(rule["text"]) | text.str.starts_with(wide)).fill_null(False)
        value = pl.when(marked).then(pl.lit("true")).otherwise(pl.lit("false"))
        frame = frame.with_columns(filled(frame, rule["marks"], value))
    return frame.with_columns(text.str.strip_prefix(rule["text"]).str.strip_prefix(wide).str.strip_chars())


def split(frame: pl.DataFrame, rule: Mapping[str, str]) -> pl.DataFrame:
    """Named groups of a pattern → columns. A group named like the column itself replaces the whole cell; a
    file without any such cell then does not carry the other columns."""
    origin, pattern = rule["from"], rule["pattern"]
    names = re.compile(pattern).groupindex
    if origin not in frame.columns or not names:
        return frame
    distinct = by_value(frame[origin])
    groups = distinct.values.to_frame("c").select(pl.col("c").str.extract_groups(pattern)).to_series()
    found = groups.struct.unnest().select(pl.all().str.strip_chars())
    if origin in names and found[origin].null_count() == found.height:
        return frame
    found = found.select(pl.when(pl.all() != "").then(pl.all()))
    columns = []
    for name in names:
        part = pl.lit(distinct.spread(found[name]))
        columns.append(pl.coalesce(part, origin).alias(name) if name == origin else filled(frame, name, part))
    return frame.with_columns(columns)


def listed(frame: pl.DataFrame, target: str, rule: Mapping[str, str]) -> pl.DataFrame:
    """Every match of a pattern in a cell, as a list in the target, where the cell has `at_least` of them.

    `when` is a second pattern that the cell must hold. `first: true` leaves the first item in the cell.
    """
    origin = rule["from"]
    if origin not in frame.columns:
        return frame
    items = pl.col(origin).str.extract_all(rule["pattern"])
    told = items.list.len() >= int(rule.get("at_least", 1))
    if "when" in rule:
        told = told & pl.col(origin).str.contains(rule["when"])
    columns = [filled(frame, target, pl.when(told).then(items.list.join(LIST_SEPARATOR)))]
    if rule.get("first"):
        columns.append(pl.when(told).then(items.list.first()).otherwise(pl.col(origin)).alias(origin))
    return frame.with_columns(columns)


def refine(frame: pl.DataFrame, rule: Mapping[str, str]) -> pl.DataFrame:
    """A mapped word becomes a more exact one where another column matches a pattern."""
    if not {rule["column"], rule["by"]} <= set(frame.columns):
        return frame
    said = (pl.col(rule["column"]) == rule["from"]) & pl.col(rule["by"]).str.contains(rule["pattern"])
    refined = pl.when(said).then(pl.lit(rule["into"])).otherwise(pl.col(rule["column"]))
    return frame.with_columns(refined.alias(rule["column"]))


def when_absent(frame: pl.DataFrame, target: str, rule: Mapping[str, Any]) -> pl.DataFrame:
    """Another column's value where the file does not carry the target, unless a word says no."""
    if target in frame.columns or not {rule["value"], rule["column"]} <= set(frame.columns):
        return frame
    allowed = ~pl.col(rule["column"]).is_in(rule["unless"])
    return frame.with_columns(pl.when(allowed).then(pl.col(rule["value"])).alias(target))


def infer_time(frame: pl.DataFrame, target: str, rule: Mapping[str, str]) -> pl.DataFrame:
    """A time read from a part of another column, where there is none; `marks` says where it was."""
    if rule["from"] not in frame.columns:
        return frame
    part = pl.col(rule["from"]).str.extract(rule["pattern"], 1)
    time = part.str.to_datetime(rule["format"], strict=False, time_unit="us", exact=True)
    missing = pl.col(target).is_null() if target in frame.columns else pl.lit(True)
    inferred = pl.when(missing & time.is_not_null()).then(pl.lit(True))
    return frame.with_columns(filled(frame, target, time), inferred.alias(rule["marks"]))


def summed(frame: pl.DataFrame, target: str, parts: list[str], type_name: str) -> pl.DataFrame:
    """The sum of those parts that the file carries, where any of them is filled."""
    present = [pl.col(part) for part in parts if part in frame.columns]
    if not present:
        return frame
    total = pl.sum_horizontal(present).cast(polars_types()[type_name])
    known = pl.any_horizontal([part.is_not_null() for part in present])
    return frame.with_columns(filled(frame, target, pl.when(known).then(total)))


def signed_by(frame: pl.DataFrame, target: str, rule: Mapping[str, Any]) -> pl.DataFrame:
    """An amount made negative where the column of its direction says so."""
    if not {rule["column"], target} <= set(frame.columns):
        return frame
    outgoing = pl.col(rule["column"]).is_in(rule["negative"])
    signed = pl.when(outgoing).then(-pl.col(target).abs()).otherwise(pl.col(target))
    return frame.with_columns(signed.alias(target))


def composed(frame: pl.DataFrame, target: str, template: str) -> pl.DataFrame:
    """An id made of columns; it stays empty where a part is, and where the file lacks a column of it."""
    parts: list[pl.Expr] = []
    for literal, name, form, _ in string.Formatter().parse(template):
        if literal:
            parts.append(pl.lit(literal))
        if name is None:
            continue
        if name not in frame.columns and form != OPTIONAL:
            return frame
        if name not in frame.columns:
            continue
        part = pl.col(name).dt.strftime(form) if form and form != OPTIONAL else pl.col(name).cast(pl.String)
        parts.append(part.fill_null("") if form == OPTIONAL else part)
    return frame.with_columns(filled(frame, target, pl.concat_str(parts)))
