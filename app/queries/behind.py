"""What stands behind one number of a page: rows with a title. How they are shown is `rows`' business."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from app.queries.listing import FROM_FRAME, Rows
from app.queries.reader import Parameter

if TYPE_CHECKING:
    import polars as pl


@dataclass(frozen=True)
class Door:
    """Its title in words, and its rows."""

    title: str
    rows: Rows


def door(title: str, sql: str, columns: str, order: str, parameters: Mapping[str, Parameter]) -> Door:
    """`columns` with spaces between; the others as in `listing.Rows`."""
    return Door(title, Rows(sql, tuple(columns.split()), order, parameters))


def frame_door(title: str, frame: pl.DataFrame, order: str) -> Door:
    """Rows that a page made itself, of what is in no mart; all columns are shown. `order` as in `Rows`."""
    return Door(title, Rows(FROM_FRAME, tuple(frame.columns), order, frame=frame))
