"""A landing folder taken apart by time, to be handed over piece by piece as the days would bring it."""

from __future__ import annotations

import shutil
from collections.abc import Iterator, Sequence
from datetime import date
from pathlib import Path

import polars as pl


def files_by_day(data: Path) -> list[tuple[date, list[str]]]:
    """Files below DATA/landing by the day of their export, as the batch ledger of a finished run knows it.

    A file without an export day (refused as a whole, or a copy of another) comes with the last day.
    """
    ledger = pl.read_parquet(data / "lake" / "_batches" / "*.parquet", columns=["source_file", "exported_at"])
    days = dict(ledger.drop_nulls().with_columns(pl.col("exported_at").dt.date()).iter_rows())
    last = max(days.values())
    found: dict[date, list[str]] = {}
    for path in sorted((data / "landing").rglob("*")):
        if path.is_file():
            name = path.relative_to(data / "landing").as_posix()
            found.setdefault(days.get(name, last), []).append(name)
    return sorted(found.items())


def in_steps(days: Sequence[tuple[date, list[str]]], steps: int) -> Iterator[list[str]]:
    """The files of consecutive days in `steps` parts of about as many days each."""
    for number in range(steps):
        part = days[len(days) * number // steps : len(days) * (number + 1) // steps]
        yield [name for _, names in part for name in names]


def hand_over(names: Sequence[str], source: Path, target: Path) -> None:
    """Copies the named files, with their times, from one landing folder into another."""
    for name in names:
        (target / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy2(source / name, target / name)
