"""Totals rows: 合计, 总计 and 小计 are no rows of data, but say what the rows above should add up to."""

from __future__ import annotations

from decimal import Decimal

import polars as pl

from dagster_project.lib.ingest.rules.typing_rules import decimals

TOTALS = r"^(合\s*计|总\s*计|小\s*计)\s*([:：].*)?$"
CONTROLLED = ("quantity", "line_amount_cny", "paid_amount", "paid_amount_cny", "amount_cny")


def totals_rows(frame: pl.DataFrame) -> pl.Series:
    """True where the first filled cell of a row says that the row is a total."""
    if not frame.width or not frame.height:
        return pl.Series([False] * frame.height, dtype=pl.Boolean)
    return frame.select(pl.coalesce(pl.all()).str.contains(TOTALS).fill_null(False)).to_series()


class ControlSums:
    """The totals rows of a file and the sums of all its other rows, chunk by chunk."""

    def __init__(self) -> None:
        self._rows: list[pl.DataFrame] = []
        self._sums: dict[str, Decimal] = {}

    def see(self, totals: pl.DataFrame, typed: pl.DataFrame) -> None:
        """`totals`: the mapped text cells of the totals rows; `typed`: all other rows, refused ones too."""
        if totals.height:
            self._rows.append(totals)
        for name in CONTROLLED:
            if name in typed.columns:
                self._sums[name] = self._sums.get(name, Decimal(0)) + Decimal(typed[name].sum() or 0)

    def notices(self) -> list[str]:
        """One for each amount of a single totals row that is not the sum of the rows of its file."""
        if sum(rows.height for rows in self._rows) != 1:
            return []
        told = []
        for name, found in self._sums.items():
            said = decimals(3)(self._rows[0][name])[1][0] if name in self._rows[0].columns else None
            if said is not None and said != found:
                shown = f"{said.normalize():f} for {name}, the rows add up to {found.normalize():f}"
                told.append(f"the totals row says {shown}")
        return told
