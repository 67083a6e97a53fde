"""Text columns, changed only where a literal stands: few rows hold it, and regular expressions are slow."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import polars as pl

_MOST = 0.7
"""Above this share all rows are changed at once: taking them out and putting them back costs as much."""


def having(texts: pl.Series, literals: Sequence[str]) -> pl.Series:
    """Whether a text holds one of the literals, by row."""
    found = texts.str.contains(literals[0], literal=True)
    for literal in literals[1:]:
        found = found | texts.str.contains(literal, literal=True)
    return found


def change(texts: pl.Series, rows: pl.Series, changed: Callable[[pl.Series], pl.Series]) -> pl.Series:
    """The texts, those of the rows (a Boolean column) changed."""
    count = rows.sum()
    if not count:
        return texts
    if count > _MOST * texts.len():
        return texts.zip_with(~rows, changed(texts)) if count < texts.len() else changed(texts)
    places = rows.arg_true()
    # Series.scatter writes into the column itself.
    return texts.clone().scatter(places, changed(texts.gather(places)))


def replacing(pattern: str, becomes: str, once: bool = False) -> Callable[[pl.Series], pl.Series]:
    """What replaces the pattern in a column, everywhere or where it is found first."""
    if once:
        return lambda texts: texts.str.replace(pattern, becomes)
    return lambda texts: texts.str.replace_all(pattern, becomes)


def extract(texts: pl.Series, rows: pl.Series, pattern: str, group: int = 1) -> pl.Series:
    """The group of the pattern's first match; null where there is none and outside the rows."""
    count = rows.sum()
    if count > _MOST * texts.len():
        found = texts.str.extract(pattern, group)
        return found if count == texts.len() else found.set(~rows, None)
    empty = pl.Series(texts.name, [None], dtype=pl.String).new_from_index(0, texts.len())
    if not count:
        return empty
    places = rows.arg_true()
    return empty.scatter(places, texts.gather(places).str.extract(pattern, group))
