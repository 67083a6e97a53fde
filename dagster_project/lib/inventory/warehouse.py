"""Opening the warehouse for a question about stock, and the names of the tables that hold its ledger.

The rules of the ledger stand in dbt/macros/stock; here is only how its rows are put together again.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from dagster_project.lib import lock
from dagster_project.lib.errors import LuyueError
from dagster_project.settings import Settings

if TYPE_CHECKING:
    import duckdb

LEDGER = "intermediate.int_stock_movements__ledger"
BALANCES = "intermediate.int_stock_balances__current"
BOOKED = "intermediate.int_stock_counts__booked"
TOTALS = "increments.stock_totals"

STANDING = """
    select entries.* from {entries} as entries
    anti join (select * from {entries} where reverses_no is not null) as reversals
        on entries.warehouse_code = reversals.warehouse_code and entries.movement_id = reversals.movement_id
        and entries.line_key = reversals.line_key and entries.run_no = reversals.reverses_no
    where entries.reverses_no is null
"""
"""Entries that none has reversed, of a relation in the form of the ledger."""


@contextmanager
def opened(settings: Settings, *, for_writing: bool = False) -> Iterator[duckdb.DuckDBPyConnection]:
    """A connection inside the block, under the lock of the data folder: no run writes meanwhile.

    Raises LuyueError where there is no warehouse or no ledger in it, LockBusyError where a run is at work.
    """
    import duckdb

    if not settings.warehouse.exists():
        raise LuyueError(f"{settings.warehouse}: there is no warehouse yet; run `luyue run`")
    with (
        lock.hold(settings.lock_file, wait_seconds=0),
        duckdb.connect(str(settings.warehouse), read_only=not for_writing) as connection,
    ):
        try:
            connection.execute(f"select 1 from {LEDGER}, {BALANCES}, {BOOKED}, {TOTALS} limit 0")
        except duckdb.CatalogException as error:
            raise LuyueError(f"{settings.warehouse}: it holds no stock ledger; run `luyue run`") from error
        yield connection
