"""Columns that a contract derives from others: before typing from text, after typing from typed columns.

A derived value only fills a cell that is empty; the contract says which column comes from where.
"""

from __future__ import annotations

import re
import string
import unicodedata
from datetime import datetime
from typing import Any

import polars as pl

from dagster_project.lib.feeds import polars_types
from dagster_project.lib.ingest.contract import Contract, canonical_words

OPTIONAL = "?"
"""Format of a part of a composed id that may be empty; an empty part without it leaves the id empty."""
LISTED_WORDS = 8
"""Unknown words that a notice spells out."""


def derive_text(
    frame: pl.DataFrame, contract: Contract, file_name: str, exported_at: datetime, notices: list[str]
) -> pl.DataFrame:
    """Constants, values of the file name and the export time, prefixes, split cells and mapped words."""
    frame = _given(frame, _of_the_file(contract, file_name))
    for column, rule in contract.get("strip_prefix", {}).items():
        if column in frame.columns:
            frame = _strip_prefix(frame, column, rule)
    for rule in contract.get("split", ()):
        if rule["from"] in frame.columns:
            groups = re.compile(rule["pattern"]).groupindex
            parts = {name: pl.col(rule["from"]).str.extract(rule["pattern"], i) for name, i in groups.items()}
            frame = frame.with_columns(_filled(frame, name, part) for name, part in parts.items())
    for target, rule in contract.get("on_newest", {}).items():
        if {rule["value"], rule["time"], *rule["within"]} <= set(frame.columns):
            frame = _on_newest(frame, target, rule)
    for rule in contract.get("words", ()):
        if rule["from"] in frame.columns:
            frame = _map_words(frame, rule, notices)
    for rule in contract.get("refine", ()):
        if {rule["column"], rule["by"]} <= set(frame.columns):
            said = (pl.col(rule["column"]) == rule["from"]) & pl.col(rule["by"]).str.contains(rule["pattern"])
            refined = pl.when(said).then(pl.lit(rule["into"])).otherwise(pl.col(rule["column"]))
            frame = frame.with_columns(refined.alias(rule["column"]))
    at = exported_at.strftime("%Y-%m-%d %H:%M:%S")
    return _given(
        frame, dict.fromkeys(contract.get("from_export_time", ()), at) | contract.get("constants", {})
    )


def derive_typed(frame: pl.DataFrame, contract: Contract) -> pl.DataFrame:
    """Sums, copies, signs, composed ids and ordinals, over every row of the file in its order."""
    expenses = [column for column in contract.get("always_negative", ()) if column in frame.columns]
    frame = frame.with_columns(-pl.col(expenses).abs())
    for target, rule in contract.get("when_absent", {}).items():
        if target not in frame.columns and {rule["value"], rule["column"]} <= set(frame.columns):
            allowed = ~pl.col(rule["column"]).is_in(rule["unless"])
            frame = frame.with_columns(pl.when(allowed).then(pl.col(rule["value"])).alias(target))
    for target, parts in contract.get("sums", {}).items():
        present = [pl.col(part) for part in parts if part in frame.columns]
        if present:
            total = pl.sum_horizontal(present).cast(polars_types()[contract.type_of(target)])
            known = pl.any_horizontal([part.is_not_null() for part in present])
            frame = frame.with_columns(_filled(frame, target, pl.when(known).then(total)))
    for target, origin in contract.get("copies", {}).items():
        if origin in frame.columns:
            frame = frame.with_columns(_filled(frame, target, pl.col(origin)))
    for target, rule in contract.get("signed_by", {}).items():
        if rule["column"] in frame.columns and target in frame.columns:
            outgoing = pl.col(rule["column"]).is_in(rule["negative"])
            frame = frame.with_columns(
                pl.when(outgoing).then(-pl.col(target).abs()).otherwise(pl.col(target)).alias(target)
            )
    for target, template in contract.get("compose", {}).items():
        composed = _compose(frame, template)
        if composed is not None:
            frame = frame.with_columns(_filled(frame, target, composed))
    for target, rule in contract.get("ordinals", {}).items():
        if {rule["prefix"], *rule["within"]} <= set(frame.columns):
            n = pl.int_range(1, pl.len() + 1).over(rule["within"]).cast(pl.String)
            joined = pl.col(rule["prefix"]) + rule["separator"] + n
            frame = frame.with_columns(_filled(frame, target, joined))
    return frame


def _of_the_file(contract: Contract, file_name: str) -> dict[str, str]:
    """Values that hold for the whole file: named groups of its name, and the channel."""
    given: dict[str, str] = {}
    for pattern in contract.get("from_name", ()):
        match = re.search(pattern, file_name)
        given |= {name: value for name, value in match.groupdict().items() if value} if match else {}
    if contract.channel and "channel" in contract.feed.columns:
        given["channel"] = contract.channel
    return given


def _given(frame: pl.DataFrame, values: dict[str, str]) -> pl.DataFrame:
    return frame.with_columns(_filled(frame, column, pl.lit(value)) for column, value in values.items())


def _on_newest(frame: pl.DataFrame, target: str, rule: dict[str, Any]) -> pl.DataFrame:
    """What a file says of a whole group fills the group's newest row, the first of equals."""
    time, within = pl.col(rule["time"]), rule["within"]
    newest = (time == time.max().over(within)) & pl.struct(*within, rule["time"]).is_first_distinct()
    return frame.with_columns(_filled(frame, target, pl.when(newest).then(pl.col(rule["value"]))))


def _filled(frame: pl.DataFrame, column: str, value: pl.Expr) -> pl.Expr:
    return (pl.coalesce(column, value) if column in frame.columns else value).alias(column)


def _strip_prefix(frame: pl.DataFrame, column: str, rule: dict[str, str]) -> pl.DataFrame:
    text = pl.col(column)
    if "marks" in rule:
        marked = text.str.starts_with(rule["text"]).fill_null(False)
        value = pl.when(marked).then(pl.lit("true")).otherwise(pl.lit("false"))
        frame = frame.with_columns(_filled(frame, rule["marks"], value))
    return frame.with_columns(text.str.strip_prefix(rule["text"]).str.strip_chars())


def _canonical_word(word: str) -> str:
    """NFKC, so that full-width and half-width commas and brackets are one; without blanks."""
    return "".join(unicodedata.normalize("NFKC", word).split())


def _map_words(frame: pl.DataFrame, rule: dict[str, Any], notices: list[str]) -> pl.DataFrame:
    origin, target, unknown = rule["from"], rule["into"], rule.get("unknown", "unknown")
    allowed, mapping = canonical_words()[rule["list"]], rule.get("map", {})
    known = {_canonical_word(word): value for word, value in mapping.items()} | {
        word: word for word in allowed
    }
    said = (
        frame[origin]
        if target == origin or target not in frame.columns
        else _where_empty(frame, origin, target)
    )
    counts = said.drop_nulls().value_counts()
    words = counts[origin].to_list()
    values = [known.get(_canonical_word(word)) for word in words]
    strange = counts.filter(pl.Series([value is None for value in values], dtype=pl.Boolean))
    if strange.height:
        listed = strange.sort("count", descending=True).head(LISTED_WORDS)
        shown = ", ".join(f"{word} ({count})" for word, count in listed.iter_rows())
        more = f" and {strange.height - LISTED_WORDS} more" if strange.height > LISTED_WORDS else ""
        notices.append(
            f"unknown {target} words, taken as {unknown}: {shown}{more}; add them to the contract's words"
        )
    found = [value or unknown for value in values]
    value = pl.col(origin).replace_strict(words, found, default=None, return_dtype=pl.String)
    if "empty" in rule:
        value = value.fill_null(rule["empty"])
    replaced = value.alias(target) if target == origin else _filled(frame, target, value)
    return frame.with_columns(replaced)


def _where_empty(frame: pl.DataFrame, origin: str, target: str) -> pl.Series:
    return frame.filter(pl.col(target).is_null())[origin]


def _compose(frame: pl.DataFrame, template: str) -> pl.Expr | None:
    parts: list[pl.Expr] = []
    for literal, name, form, _ in string.Formatter().parse(template):
        if literal:
            parts.append(pl.lit(literal))
        if name is None:
            continue
        if name not in frame.columns:
            return None
        part = pl.col(name).dt.strftime(form) if form and form != OPTIONAL else pl.col(name).cast(pl.String)
        parts.append(part.fill_null("") if form == OPTIONAL else part)
    return pl.concat_str(parts)
