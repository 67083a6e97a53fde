"""The words of a file: states and their meanings, and words that stand for an empty cell."""

from __future__ import annotations

import re

import polars as pl

from dagster_project.lib.channel.content import stray_words
from dagster_project.lib.channel.draft import Draft, Words
from dagster_project.lib.channel.matching import type_of
from dagster_project.lib.channel.vocabulary import meaning_of, meanings
from dagster_project.lib.ingest.contracts.contract import Contract
from dagster_project.lib.ingest.personal.free_text import mask_free_text

WORD_COLUMNS = {
    "orders": (
        ("status_raw", "status", "status"),
        ("aftersale_status", "aftersale_status", "aftersale"),
        ("delivery_method", "delivery_method", "delivery"),
    ),
    "aftersales": (("status_raw", "status", "aftersale"),),
    "tracks": (("node_raw", "node", "track"),),
    "stock_movements": (("movement_type", "movement_type", "movement"),),
    "stock_counts": (("count_type", "count_type", "count"),),
}
"""By feed: the column that holds the platform's words, the one of canonical words, and the list of those."""
MOST_WORDS = 40
NOTHING = frozenset({"n/a", "na", "none", "nil", "nan", "#n/a", "\\n", "无", "暂无", "空", "未知", "不详"})
_DIGIT = re.compile(r"\d")


def find_words(made: Draft, contracts: list[Contract]) -> None:
    """Words of states with what they mean, and those that nobody knows."""
    found = []
    for column, into, list_name in WORD_COLUMNS.get(made.matching.feed.name, ()):
        cells = made.cells(column)
        if cells is None:
            continue
        counts = cells.drop_nulls().alias("word").value_counts(sort=True)
        words = [str(word) for word in counts["word"].head(MOST_WORDS)]
        known = meanings(contracts, list_name)
        told = {word: meaning for word in words if (meaning := meaning_of(word, known))}
        strange = tuple(word for word in words if word not in told)
        if len(strange) == MOST_WORDS:
            made.look.append(f"{column} holds free text rather than words; map another header to it")
            continue
        if strange:
            made.look.append(
                f"words of {column} that nobody knows, taken as unknown: {', '.join(strange[:8])}"
            )
        found.append(Words(column, into, list_name, told, strange))
    made.words = tuple(found)
    if made.matching.feed.name == "orders" and "status_raw" not in made.matching.columns:
        made.look.append("no header tells the state of an order: map it to status_raw")


def find_nothing(made: Draft) -> None:
    """Words that mean an empty cell in columns of times and numbers."""
    stray: dict[str, str] = {}
    spoken: set[str] = set()
    for match in made.matching.matches:
        cells, kind = made.profile.cells[f"c{match.position}"], type_of(made.matching.feed, match.column)
        stray |= dict.fromkeys(stray_words(cells, kind), match.header)
        spoken |= set(cells.drop_nulls().unique().head(MOST_WORDS)) if kind == "text" else set()
    means_nothing = [
        word for word in stray if word.lower() in NOTHING or (word not in spoken and not _DIGIT.search(word))
    ]
    made.null_words = tuple(means_nothing)
    for word in means_nothing:
        if word.lower() not in NOTHING:
            made.look.append(f"{word} in {stray[word]} is taken for an empty cell")
    for word, header in stray.items():
        if word not in means_nothing:
            made.look.append(f"{header} holds cells such as {_masked(word)}, which refuse their rows")


def _masked(word: str) -> str:
    return str(mask_free_text(pl.Series([word[:40]]))[0])
