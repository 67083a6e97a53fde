"""The canonical feeds, typed: what feeds.yml says, and which physical columns a lake file has.

How a source is mapped to a feed stands in its contract; rules about values stand in `ingest`.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

import yaml

if TYPE_CHECKING:
    import polars as pl

FEEDS_FILE = Path(__file__).with_name("feeds.yml")
TYPES = ("text", "json", "qty", "money", "ts", "date", "int", "float", "bool")
COMMON_COLUMNS = ("source", "batch_id", "source_file", "source_line", "exported_at", "extras")


@dataclass(frozen=True)
class Column:
    """One canonical column: its type, and where it holds a personal value or free text."""

    name: str
    type: str
    pii: str | None = None
    free_text: bool = False
    parts: tuple[str, ...] = ()
    """Of an address: the five columns its token is made over."""

    @property
    def physical(self) -> tuple[str, ...]:
        """The columns that stand for it in the lake."""
        if self.pii:
            return (f"{self.name}_token", f"{self.name}_mask")
        return (self.name, f"{self.name}_token") if self.free_text else (self.name,)


@dataclass(frozen=True)
class Feed:
    """One canonical feed: key, required columns (never null) and columns by name, in order."""

    name: str
    key: tuple[str, ...]
    required: tuple[str, ...]
    columns: dict[str, Column]

    def lake_schema(self) -> dict[str, pl.DataType]:
        """Physical columns of lake/<feed>, in order, with their Polars types."""
        types = polars_types()
        schema = {
            physical: types[column.type] if physical == column.name else types["text"]
            for column in self.columns.values()
            for physical in column.physical
        }
        common = dict.fromkeys(COMMON_COLUMNS, types["text"])
        common["source_line"], common["exported_at"] = types["int"], types["ts"]
        return schema | common


@cache
def polars_types() -> dict[str, pl.DataType]:
    """Polars type of each feed type. Times are wall clock, microseconds, without zone."""
    import polars as pl

    return {
        "text": pl.String(),
        "json": pl.String(),
        "qty": pl.Decimal(18, 3),
        "money": pl.Decimal(18, 2),
        "ts": pl.Datetime("us"),
        "date": pl.Date(),
        "int": pl.Int64(),
        "float": pl.Float64(),
        "bool": pl.Boolean(),
    }


@cache
def load_feeds() -> dict[str, Feed]:
    """All feeds by name. Raises ValueError that names the feed where feeds.yml contradicts itself."""
    raw: dict[str, Any] = yaml.load(FEEDS_FILE.read_text(encoding="utf-8"), Loader=yaml.CSafeLoader)
    return {name: _feed(name, body) for name, body in raw.items()}


def _feed(name: str, body: dict[str, Any]) -> Feed:
    columns = {column: _column(column, spec) for column, spec in body["columns"].items()}
    feed = Feed(name, tuple(body["key"]), tuple(body["required"]), columns)
    for column in columns.values():
        missing = [part for part in column.parts if part not in columns]
        if column.type not in TYPES or missing:
            raise ValueError(
                f"feeds.yml: {name}.{column.name}: unknown type {column.type} or parts {missing}"
            )
    unknown = {*feed.key, *feed.required} - {*columns, "source"}
    if unknown:
        raise ValueError(f"feeds.yml: {name}: key or required names {sorted(unknown)}, which are no columns")
    return feed


def _column(name: str, spec: str | dict[str, Any]) -> Column:
    if isinstance(spec, str):
        return Column(name, spec)
    return Column(
        name, spec["type"], spec.get("pii"), spec.get("free_text", False), tuple(spec.get("parts", ()))
    )
