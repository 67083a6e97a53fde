"""What stands behind one number of a page: rows with a title. How they are shown is `rows`' business."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from app.queries.listing import Rows
from app.queries.reader import Parameter


@dataclass(frozen=True)
class Door:
    """Its title in words, and its rows."""

    title: str
    rows: Rows


def door(title: str, sql: str, columns: str, order: str, parameters: Mapping[str, Parameter]) -> Door:
    """`columns` with spaces between; the others as in `listing.Rows`."""
    return Door(title, Rows(sql, tuple(columns.split()), order, parameters))
