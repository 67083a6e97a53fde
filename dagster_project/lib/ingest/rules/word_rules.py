"""The platforms' words → canonical words, and which words a file brought that no contract knows.

Which words a list has stands in words.yml, which word means which in the contracts.
"""

from __future__ import annotations

import unicodedata
from collections import Counter
from collections.abc import Mapping
from typing import Any

import polars as pl

from dagster_project.lib.ingest.contracts.contract import canonical_words
from dagster_project.lib.ingest.personal.quoting import quoted
from dagster_project.lib.ingest.rules.neighbour_rules import Memory
from dagster_project.lib.ingest.rules.row_rules import filled

LISTED_WORDS = 8
"""Unknown words that a notice spells out."""


def canonical_word(word: str) -> str:
    """NFKC, so that full-width and half-width commas and brackets are one; without blanks."""
    return "".join(unicodedata.normalize("NFKC", word).split())


def map_words(frame: pl.DataFrame, rule: Mapping[str, Any], memory: Memory) -> pl.DataFrame:
    """One column's words into a column of canonical words; unknown ones are counted in the memory.

    A word counts as the canonical word it is, as the contract's `map` says, or by the first of its
    `patterns` that it holds. `unknown` stands for every other word; null leaves the cell empty.
    """
    origin, target = rule["from"], rule["into"]
    if origin not in frame.columns:
        return frame
    waits = target != origin and target in frame.columns
    said = frame.filter(pl.col(target).is_null())[origin] if waits else frame[origin]
    counts = said.drop_nulls().value_counts()
    words = counts[origin].to_list()
    found = _meanings(words, rule)
    unknown = rule.get("unknown", "unknown")
    strange = {
        word: count for word, count in counts.iter_rows() if found[word] is None and isinstance(word, str)
    }
    if strange:
        told: Counter[str] = memory.setdefault("unknown_words", {}).setdefault((target, unknown), Counter())
        told.update(strange)
    values = [unknown if found[word] is None else found[word] for word in words]
    value = pl.col(origin).replace_strict(words, values, default=None, return_dtype=pl.String)
    if "empty" in rule:
        value = value.fill_null(rule["empty"])
    return frame.with_columns(value.alias(target) if target == origin else filled(frame, target, value))


def see_emptied(
    cells: pl.DataFrame, typed: pl.DataFrame, unread: Mapping[str, object], memory: Memory
) -> None:
    """Counts the words in columns of numbers that typing took for an empty cell, such as 无退款申请."""
    for name in typed.columns:
        is_number = typed.schema[name] == pl.Decimal
        if is_number and name not in unread and typed[name].null_count() > cells[name].null_count():
            words = cells[name].filter(typed[name].is_null()).drop_nulls().value_counts()
            told: Counter[str] = memory.setdefault("emptied_words", {}).setdefault(name, Counter())
            told.update(dict(words.iter_rows()))


def unknown_words(memory: Memory) -> list[str]:
    """One notice per column that met words which no contract knows, the most frequent first."""
    notices = []
    for (target, unknown), counts in memory.get("unknown_words", {}).items():
        taken = f"taken as {unknown}" if unknown else "left empty"
        shown = _listed(counts)
        notices.append(f"unknown {target} words, {taken}: {shown}; add them to the contract's words")
    for name, counts in memory.get("emptied_words", {}).items():
        mend = "if they mean nothing add them to the contract's null_words, else mend the export"
        notices.append(f"words in {name} that are no numbers, left empty: {_listed(counts)}; {mend}")
    return notices


def _listed(counts: Mapping[str, int]) -> str:
    ranked = sorted(counts.items(), key=lambda item: (-item[1], item[0]))
    listed = zip(quoted(word for word, _ in ranked[:LISTED_WORDS]), ranked, strict=False)
    more = f" and {len(ranked) - LISTED_WORDS} more" if len(ranked) > LISTED_WORDS else ""
    return ", ".join(f"{word} ({count})" for word, (_, count) in listed) + more


def _meanings(words: list[str], rule: Mapping[str, Any]) -> dict[str, str | None]:
    known = {word: word for word in canonical_words()[rule["list"]]}
    known |= {canonical_word(word): value for word, value in rule.get("map", {}).items()}
    found: dict[str, str | None] = {word: known.get(canonical_word(word)) for word in words}
    left = [word for word, value in found.items() if value is None]
    if left and rule.get("patterns"):
        cells = pl.DataFrame({"word": left})
        matched = pl.coalesce(
            pl.when(pl.col("word").str.contains(pattern)).then(pl.lit(value))
            for pattern, value in rule["patterns"].items()
        )
        found |= dict(cells.select("word", matched.alias("value")).iter_rows())
    return found
