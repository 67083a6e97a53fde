"""What a page of the report is: facts and tables with their words in both languages. Nothing is written."""

from __future__ import annotations

from dataclasses import dataclass

import polars as pl

LANGUAGES = ("zh", "en")


@dataclass(frozen=True)
class Words:
    """One text in both languages."""

    zh: str
    en: str

    def of(self, language: str) -> str:
        """The text in `zh` or `en`."""
        return self.zh if language == "zh" else self.en


@dataclass(frozen=True)
class Column:
    """A column of a table. `kind`: text, count, share (0–1), time, hours, code, path, state (of STATES)."""

    name: str
    label: Words
    kind: str = "text"


@dataclass(frozen=True)
class Table:
    """A table with its heading. `frame` has the columns by name, and those that end in _zh or _en, of which
    a page in that language shows one under the plain name."""

    key: str
    title: Words
    columns: tuple[Column, ...]
    frame: pl.DataFrame
    empty: Words
    """What stands there when there is no row."""

    def cells_of(self, language: str) -> pl.DataFrame:
        """The columns as a page in this language shows them."""
        named = [
            pl.col(f"{c.name}_{language}" if f"{c.name}_{language}" in self.frame.columns else c.name).alias(
                c.name
            )
            for c in self.columns
        ]
        return self.frame.select(named)


@dataclass(frozen=True)
class Fact:
    """One number of the head of a page. `state`: good, watch, bad, or empty."""

    label: Words
    value: str
    state: str = ""


@dataclass(frozen=True)
class Page:
    """`key` names its files; `sentence` answers the page's question in words."""

    key: str
    title: Words
    sentence: Words
    facts: tuple[Fact, ...]
    tables: tuple[Table, ...]


STATES = {
    "good": ("✓", Words("正常", "fine")),
    "watch": ("●", Words("关注", "watch")),
    "bad": ("▲", Words("告警", "alarm")),
    "open": ("●", Words("待处理", "open")),
    "replayable": ("↻", Words("可重放", "replayable")),
    "superseded": ("✓", Words("已被替换", "superseded")),
}
"""State → its icon and word: colour only repeats them."""
