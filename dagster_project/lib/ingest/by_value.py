"""Work on a column's distinct texts instead of its rows: what is made of each is spread over the rows
again."""

from __future__ import annotations

from dataclasses import dataclass

import polars as pl

from dagster_project.lib.ingest.compiled import is_loaded

_WORTH_TELLING_APART = 4_096
"""Rows from which on telling them apart costs less than it saves."""
_NEARLY_ALL = 0.8
"""Where a larger share of the rows is distinct, plain code works on all: that is sooner done than joined."""


@dataclass(frozen=True)
class ByValue:
    """`values` has each distinct text once, in the order of their first rows, `rows`; or all rows as they
    are, nulls too, where that is sooner done: then `numbers` is null."""

    values: pl.Series
    rows: pl.Series | None = None
    numbers: pl.Series | None = None

    def spread(self, made: pl.Series) -> pl.Series:
        """For each row what was made of its text, null for null."""
        return made if self.numbers is None else made.gather(self.numbers)

    def first(self, frame: pl.DataFrame) -> pl.DataFrame:
        """Of a frame with the column's rows those that `values` stand for."""
        return frame if self.rows is None else frame[self.rows]


def by_value(cells: pl.Series) -> ByValue:
    """The distinct texts of a column."""
    if cells.len() < _WORTH_TELLING_APART:
        return ByValue(cells)
    if is_loaded():
        from dagster_project.lib.ingest.compiled.distinct import NO_ROW, numbered

        firsts, numbers = numbered(cells)
        rows, told = pl.Series(firsts), pl.Series(numbers)
        if cells.null_count():
            told = told.set(told == NO_ROW, None)
        return ByValue(cells.gather(rows), rows, told)
    column = cells.to_frame("cell").with_row_index("row").drop_nulls("cell")
    first = column.unique("cell", keep="first", maintain_order=True)
    if first.height > cells.len() * _NEARLY_ALL:
        return ByValue(cells)
    known = first.with_columns(number=pl.int_range(pl.len()))
    numbers = cells.to_frame("cell").join(known, on="cell", how="left", maintain_order="left")["number"]
    return ByValue(first["cell"].alias(cells.name), first["row"], numbers)
