"""Columns that a contract derives from others: before typing from text, after typing from typed columns.

The order in which the rules of a contract are applied stands here; what each does in row_rules.py,
word_rules.py and neighbour_rules.py.
"""

from __future__ import annotations

import re
from datetime import datetime
from pathlib import PurePosixPath

import polars as pl

from dagster_project.lib.ingest.contracts.contract import Contract
from dagster_project.lib.ingest.rules import neighbour_rules, row_rules
from dagster_project.lib.ingest.rules.neighbour_rules import Memory
from dagster_project.lib.ingest.rules.word_rules import map_words


def derive_text(
    frame: pl.DataFrame,
    contract: Contract,
    source_file: str,
    exported_at: datetime,
    memory: Memory,
    lines: pl.Series,
) -> pl.DataFrame:
    """Constants, values of the file name and the export time, merged and split cells, mapped words.

    `source_file` is relative to the landing folder. `frame` is the file or its next chunk; `memory` is empty
    at the first one and lives as long as the file. `lines` are the numbers of the rows' lines.
    """
    frame = row_rules.given(frame, _of_the_file(contract, source_file))
    if rule := contract.get("fill_down"):
        frame = neighbour_rules.fill_down(frame, rule, memory)
    for column, rule in contract.get("strip_prefix", {}).items():
        if column in frame.columns:
            frame = row_rules.strip_prefix(frame, column, rule)
    for rule in contract.get("split", ()):
        frame = row_rules.split(frame, rule)
    for target, rule in contract.get("lists", {}).items():
        frame = row_rules.listed(frame, target, rule)
    for target, rule in contract.get("on_newest", {}).items():
        frame = neighbour_rules.on_newest(frame, target, rule, lines)
    for rule in contract.get("words", ()):
        frame = map_words(frame, rule, memory)
    for rule in contract.get("refine", ()):
        frame = row_rules.refine(frame, rule)
    at = exported_at.strftime("%Y-%m-%d %H:%M:%S")
    given = dict.fromkeys(contract.get("from_export_time", ()), at) | contract.get("constants", {})
    return row_rules.given(frame, given)


def derive_typed(frame: pl.DataFrame, contract: Contract, memory: Memory) -> pl.DataFrame:
    """Sums, copies, signs, inferred times, composed ids and ordinals, over every row in its order."""
    expenses = [column for column in contract.get("always_negative", ()) if column in frame.columns]
    frame = frame.with_columns(-pl.col(expenses).abs())
    for target, rule in contract.get("when_absent", {}).items():
        frame = row_rules.when_absent(frame, target, rule)
    for target, rule in contract.get("infer_time", {}).items():
        frame = row_rules.infer_time(frame, target, rule)
    for target, parts in contract.get("sums", {}).items():
        frame = row_rules.summed(frame, target, parts, contract.type_of(target))
    for target, origin in contract.get("copies", {}).items():
        if origin in frame.columns:
            frame = frame.with_columns(row_rules.filled(frame, target, pl.col(origin)))
    for target, rule in contract.get("signed_by", {}).items():
        frame = row_rules.signed_by(frame, target, rule)
    for target, template in contract.get("compose", {}).items():
        frame = row_rules.composed(frame, target, template)
    for target, rule in contract.get("ordinals", {}).items():
        frame = neighbour_rules.ordinals(frame, target, rule, memory)
    return frame


def with_derived(rest: pl.DataFrame, typed: pl.DataFrame, contract: Contract) -> pl.DataFrame:
    """The unmapped columns, and beside them, as text, the derived helpers that `extras` shows under their own
    names."""
    names = [name for name in contract.get("to_extras", ()) if name in typed.columns]
    if not names:
        return rest
    derived = typed.select(pl.col(names).cast(pl.String))
    kept = rest.drop(names, strict=False)
    return kept.hstack(derived) if kept.width else derived


def _of_the_file(contract: Contract, source_file: str) -> dict[str, str]:
    """Values that hold for the whole file: named groups of its name and its folder, and the channel."""
    path = PurePosixPath(source_file)
    folder = "/".join(path.parts[1:-1])
    given: dict[str, str] = {}
    for key, text in (("from_folder", folder), ("from_name", path.name)):
        for pattern in contract.get(key, ()):
            match = re.search(pattern, text)
            given |= {name: value for name, value in match.groupdict().items() if value} if match else {}
    if contract.channel and "channel" in contract.feed.columns:
        given["channel"] = contract.channel
    return given
