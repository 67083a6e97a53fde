"""A tiny merchant whose exports come batch by batch, and dbt builds over what has come so far.

Rows are dense on purpose: few orders, waybills, events and cases, each told of by many exports in any order.
"""

from __future__ import annotations

import shutil
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import duckdb
import polars as pl
from support.dbt_build import dbt_build
from support.small_lake import write_lake

START = datetime(2026, 1, 5)
GRAINS = {"line_orders": "line", "header_orders": "order", "copied_orders": "copy", "pos_receipts": "line"}
EVERYTHING = "+config.incremental_strategy:touched +config.incremental_strategy:new_batches"
"""All kept models and what they read: the least build that is settled."""


def at(hours: float) -> datetime:
    """Hours after the merchant's first morning."""
    return START + timedelta(hours=hours)


@dataclass(frozen=True)
class Batch:
    """One file: its feed and source, when it was exported, and its rows."""

    feed: str
    source: str
    exported_at: datetime
    label: str
    rows: tuple[dict[str, Any], ...]


@dataclass
class GrowingLake:
    """A lake in `folder`; `take` adds batches in order of arrival, `build` runs dbt over them."""

    folder: Path
    batches: list[Batch] = field(default_factory=list)
    beside: dict[str, list[dict[str, Any]]] = field(default_factory=dict)
    """Rows of the stores that other stages make anew in each run: `members`, `addresses`."""
    wanted: str = EVERYTHING
    corrections: list[dict[str, Any]] = field(default_factory=list)
    """What stewards want of master data, columns of the file that dbt reads."""

    def take(self, batches: Sequence[Batch]) -> None:
        """Adds batches; one of the same feed, source, time and label replaces the one taken before."""
        keys = [(b.feed, b.source, b.exported_at, b.label) for b in batches]
        kept = [b for b in self.batches if (b.feed, b.source, b.exported_at, b.label) not in keys]
        self.batches = [*kept, *batches]

    def build(self, as_of: datetime, *, into: str = "parts", without: str = "") -> Path:
        """The warehouse after a build in the folder `into`, as if killed before the model `without`."""
        home = self.folder / into
        shutil.rmtree(self.folder / "stores", ignore_errors=True)
        rows: dict[str, list[dict[str, Any]]] = {**self.beside}
        for batch in self.batches:
            said = {"source": batch.source, "exported_at": batch.exported_at, "batch": batch.label}
            rows.setdefault(batch.feed, []).extend({**row, **said} for row in batch.rows)
        env = write_lake(self.folder / "stores", {**rows, "corrections": self.corrections}, GRAINS)
        home.mkdir(exist_ok=True)
        exclude = f"{without}+" if without else ""
        return dbt_build(home, env, as_of, self.wanted, exclude=exclude, target=self.folder / "target")

    def whole(self, as_of: datetime) -> Path:
        """The warehouse of one build of everything, from nothing."""
        shutil.rmtree(self.folder / "whole", ignore_errors=True)
        return self.build(as_of, into="whole")


def is_increment(warehouse: Path) -> bool:
    """Whether the last build was one."""
    with duckdb.connect(str(warehouse), read_only=True) as connection:
        return bool(connection.execute("select is_increment from increments.this_run").fetchall()[0][0])


def kept_tables(warehouse: Path) -> dict[str, pl.DataFrame]:
    """Every incremental model that stands there, rows in a fixed order."""
    with duckdb.connect(str(warehouse), read_only=True) as connection:
        # A whole build leaves no slice, an increment one of each kept model; the names come from the project.
        names = connection.execute(
            "select table_schema, table_name from information_schema.tables "
            "where table_schema in ('intermediate', 'marts') and table_type = 'BASE TABLE' "
            "and table_name in (select unnest(?)) order by all",
            [kept_models()],
        ).fetchall()
        tables = {name: connection.sql(f"select * from {schema}.{name}").pl() for schema, name in names}
    return {name: table.sort(table.columns, nulls_last=True) for name, table in tables.items()}


def kept_models() -> list[str]:
    """Names of the models that say they are kept."""
    models = Path(__file__).resolve().parents[2] / "dbt" / "models"
    marks = ("{{ kept(", "{{ store_of_batches(")
    paths = models.rglob("*.sql")
    return sorted(path.stem for path in paths if any(mark in path.read_text("utf-8") for mark in marks))


def differences(left: Path, right: Path) -> list[str]:
    """Kept models that are not the same, row for row, in two warehouses; with rows of one side only."""
    a, b = kept_tables(left), kept_tables(right)
    assert sorted(a) == sorted(b) == kept_models()
    found = []
    for name in a:
        if not a[name].equals(b[name], null_equal=True):
            only_a = a[name].join(b[name], on=a[name].columns, how="anti", nulls_equal=True)
            only_b = b[name].join(a[name], on=a[name].columns, how="anti", nulls_equal=True)
            found.append(
                f"{name}: {a[name].height} and {b[name].height} rows\n"
                f"  left only {only_a.height}: {only_a.head(2).to_dicts()}\n"
                f"  right only {only_b.height}: {only_b.head(2).to_dicts()}"
            )
    return found
