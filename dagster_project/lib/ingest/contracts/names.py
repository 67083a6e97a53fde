"""Whether the columns, words and patterns that a contract names exist and can be used.

The form of the file was judged before, in contract_schema.py. A pattern is tried with the engine that will
run it.
"""

from __future__ import annotations

import re
import string
from collections.abc import Hashable, Iterator
from typing import TYPE_CHECKING, Any

from dagster_project.lib.ingest.contracts.folders import CONTRACT_FILE
from dagster_project.lib.ingest.contracts.schema import did_you_mean, problem_at

if TYPE_CHECKING:
    from dagster_project.lib.ingest.contracts.contract import Contract

Place = list[Hashable]
_LISTS = ("required", "key", "to_extras", "from_export_time", "always_negative")
_TARGETS = (
    "constants", "strip_prefix", "lists", "on_newest", "when_absent", "infer_time", "sums", "copies",
    "signed_by", "compose", "ordinals",
)  # fmt: skip
_COLUMN_KEYS = ("from", "into", "column", "by", "value", "time", "prefix", "marks", "key")
_COLUMN_LISTS = ("within", "columns")
_RULES = ("split", "words", "refine")
_FILE_PATTERNS = ("from_name", "from_folder")


def check_names(contract: Contract, words: dict[str, list[str]], open_lists: frozenset[str]) -> None:
    """Raises ContractError for the first column, word, pattern or template that cannot be."""
    path, columns = contract.folder / CONTRACT_FILE, {*contract.feed.columns, *contract.helpers}
    for target, template in contract.get("compose", {}).items():
        try:
            list(string.Formatter().parse(template))
        except ValueError as error:
            told = f"{template} is no template ({error}); write it like {{a}}-{{b:?}}"
            raise problem_at(path, ["compose", target], told) from error
    for place, column in _columns(contract.body):
        if column not in columns:
            near = did_you_mean(column, columns) or "; declare it under helpers"
            told = f"{column} is no column of {contract.feed.name}, nor a helper{near}"
            raise problem_at(path, place, told)
    for place, pattern, in_python in _patterns(contract.body):
        if wrong := _unusable(pattern, in_python):
            raise problem_at(path, place, f"{pattern} is no usable pattern: {wrong}; mend or quote it")
    for position, rule in enumerate(contract.get("words", ())):
        allowed = words[rule["list"]]
        said = {**rule.get("map", {}), **rule.get("patterns", {})}
        said |= {key: rule[key] for key in ("empty", "unknown") if rule.get(key)}
        for word, meaning in said.items():
            if meaning not in allowed and rule["list"] not in open_lists:
                near = did_you_mean(meaning, allowed) or f"; it has {', '.join(allowed)}"
                told = f"{meaning} (for {word}) is not in the list {rule['list']} of words.yml{near}"
                raise problem_at(path, ["words", position], told)


def _columns(body: dict[str, Any]) -> Iterator[tuple[Place, str]]:
    """Every column that a contract names, with its place."""
    for key in _LISTS:
        yield from (([key, i], column) for i, column in enumerate(body.get(key, ())))
    for key in _TARGETS:
        for target, rule in body.get(key, {}).items():
            yield [key, target], target
            if isinstance(rule, dict):
                yield from _of_rule([key, target], rule)
    for target, parts in body.get("sums", {}).items():
        yield from ((["sums", target, i], part) for i, part in enumerate(parts))
    for target, origin in body.get("copies", {}).items():
        yield ["copies", target], origin
    for target, template in body.get("compose", {}).items():
        names = [name for _, name, _, _ in string.Formatter().parse(template) if name]
        yield from ((["compose", target], name) for name in names)
    for key in _RULES:
        for i, rule in enumerate(body.get(key, ())):
            yield from _of_rule([key, i], rule, ("from", "into") if key == "words" else _COLUMN_KEYS)
    for key in ("fill_down", "window"):
        yield from _of_rule([key], body.get(key, {}))
    yield from _named_groups(body)


def _named_groups(body: dict[str, Any]) -> Iterator[tuple[Place, str]]:
    """Columns that the groups of a pattern name."""
    for i, rule in enumerate(body.get("split", ())):
        yield from ((["split", i, "pattern"], group) for group in _groups(rule["pattern"]))
    for key in _FILE_PATTERNS:
        for i, pattern in enumerate(body.get(key, ())):
            yield from (([key, i], group) for group in _groups(pattern))


def _of_rule(place: Place, rule: dict[str, Any], keys: tuple[str, ...] = _COLUMN_KEYS) -> Iterator[Any]:
    if place[0] == "refine":
        keys = ("column", "by")
    for key in keys:
        if isinstance(rule.get(key), str):
            yield [*place, key], rule[key]
    for key in _COLUMN_LISTS:
        yield from (([*place, key, i], column) for i, column in enumerate(rule.get(key, ())))


def _patterns(body: dict[str, Any]) -> Iterator[tuple[Place, str, bool]]:
    """Every pattern, and whether Python runs it (on file names) or Polars (on cells)."""
    for key in ("exported_at", "window"):
        if "pattern" in body.get(key, {}):
            yield [key, "pattern"], body[key]["pattern"], True
    for key in _FILE_PATTERNS:
        yield from (([key, i], pattern, True) for i, pattern in enumerate(body.get(key, ())))
    for key in ("split", "refine"):
        for i, rule in enumerate(body.get(key, ())):
            yield [key, i, "pattern"], rule["pattern"], False
    for key in ("lists", "infer_time"):
        for target, rule in body.get(key, {}).items():
            yield [key, target, "pattern"], rule["pattern"], False
            if "when" in rule:
                yield [key, target, "when"], rule["when"], False
    for i, rule in enumerate(body.get("words", ())):
        yield from ((["words", i, "patterns", word], word, False) for word in rule.get("patterns", {}))


def _unusable(pattern: str, in_python: bool) -> str | None:
    """Why a pattern cannot be used, or null. Groups are read in Python whatever runs the pattern."""
    try:
        re.compile(pattern)
    except re.error as error:
        return str(error)
    if in_python:
        return None
    import polars as pl

    try:
        pl.Series([""]).str.contains(pattern)
    except pl.exceptions.ComputeError as error:
        return " ".join(str(error).split())[:120]
    return None


def _groups(pattern: str) -> list[str]:
    try:
        return list(re.compile(pattern).groupindex)
    except re.error:
        return []
