"""Totals rows: 合计, 总计 and 小计 are no rows of data, but say what the rows above should add up to."""

from __future__ import annotations

from decimal import Decimal

import polars as pl

from dagster_project.lib.ingest.typing_rules import decimals

TOTALS = r"^(合\s*计|总\s*计|小\s*计)\s*([:：].*)?$"
CONTROLLED = ("quantity", "line_amount_cny", "paid_amount", "paid_amount_cny", "amount_cny")


def totals_rows(frame: pl.DataFrame) -> pl.Series:
    """True where the first filled cell of a row says that the row is a total."""
    if not frame.width or not frame.height:
        return pl.Series([False] * frame.height, dtype=pl.Boolean)
    return frame.select(pl.coalesce(pl.all()).str.contains(TOTALS).fill_null(False)).to_series()


def compare_totals(totals: pl.DataFrame, typed: pl.DataFrame) -> list[str]:
    """A notice for each amount of a single totals row that is not the sum of the rows of its file.

    `totals`: the mapped text cells of the totals rows; `typed`: all other rows, refused ones included.
    """
    notices = []
    for name in CONTROLLED if totals.height == 1 else ():
        if name in totals.columns and name in typed.columns:
            said = decimals(3)(totals[name])[1][0]
            if said is not None and said != (found := Decimal(typed[name].sum())):
                told = f"{said.normalize():f} for {name}, the rows add up to {found.normalize():f}"
                notices.append(f"the totals row says {told}")
    return notices
