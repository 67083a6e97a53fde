"""Rows as a file to take along: CSV and XLSX that no spreadsheet program runs as a formula, and Parquet.

The rule for cells stands in dagster_project/safe_tables.py. Which rows is the caller's; they come through the
reader, so the policy has been applied to them.
"""

from __future__ import annotations

import io
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from dagster_project import safe_tables

if TYPE_CHECKING:
    import polars as pl


@dataclass(frozen=True)
class Format:
    """One kind of file. `write` takes the frame and gives its bytes."""

    ending: str
    mime: str
    write: Callable[[pl.DataFrame], bytes]


def _xlsx(frame: pl.DataFrame) -> bytes:
    return safe_tables.xlsx_bytes({"Luyue": frame})


def _parquet(frame: pl.DataFrame) -> bytes:
    out = io.BytesIO()
    frame.write_parquet(out, compression="zstd")
    return out.getvalue()


FORMATS: Mapping[str, Format] = {
    "csv": Format("csv", "text/csv", safe_tables.csv_bytes),
    "xlsx": Format("xlsx", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", _xlsx),
    "parquet": Format("parquet", "application/vnd.apache.parquet", _parquet),
}
