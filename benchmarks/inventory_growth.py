"""Whether 200 days leave a file that is no larger than a fresh one, and whether ours equals a recomputation.

Only for `luyue bench inventory`. The file is that of a smaller ledger, so that 200 runs take minutes.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

from benchmarks import inventory_made
from benchmarks import inventory_world as world

ROWS, KEYS, DAY, DAYS = 1_000_000, 100_000, 5_000, 200


def measured(folder: Path, scale: float, say: Callable[[str], None]) -> dict[str, Any]:
    """days, file_mb after them, fresh_mb of the same rows written at once, and times_fresh."""
    rows, day, days = max(int(ROWS * scale), 1_000), max(int(DAY * scale), 50), max(int(DAYS * scale), 5)
    keys = max(int(KEYS * scale), 100)
    inventory_made.make(
        folder, rows, keys, [world.delta(n, rows + (n - 1) * day, day, keys) for n in range(1, days + 1)]
    )
    cut_offs = [str(world.START + timedelta(days=world.DAYS + n)) for n in range(1, days + 1)]
    after = inventory_made.run_dbt(folder, cut_offs)["file_mb"]
    fresh = _rewritten(folder)
    say(f"file after {days} days {after} MB, fresh {fresh} MB")
    return {"days": days, "file_mb": after, "fresh_mb": fresh, "times_fresh": round(after / fresh, 2)}


def _rewritten(folder: Path) -> float:
    """MB of a new file into which all tables of the warehouse were copied."""
    target = folder / "fresh.duckdb"
    with inventory_made.connect(target) as con:
        con.execute(f"attach '{folder / 'warehouse.duckdb'}' as was (read_only)")
        tables = con.execute(
            "select schema_name, table_name from duckdb_tables() where database_name = 'was'"
        ).fetchall()
        for schema, table in tables:
            con.execute(f"create schema if not exists {schema}")
            con.execute(f"create table {schema}.{table} as from was.{schema}.{table}")
        con.execute("checkpoint")
    return round(target.stat().st_size / 1e6, 1)


def differences(folder: Path, corrections: Path) -> dict[str, int]:
    """rows_that_differ between our balances and books and those of the plain ledger with the corrections
    put in by hand (a key that came after the count has no book of it); keys_wrong_of_usual: balances that the
    usual incremental has wrong before them."""
    from benchmarks.inventory_peers import balances_of, books_of

    with inventory_made.connect(folder / "plain.duckdb") as con:
        con.execute(f"attach '{folder / 'warehouse.duckdb'}' as ours (read_only)")
        wrong = con.execute(
            """select count(*) from balances full join usual using (warehouse_code, sku_code)
            where balances.book_qty is distinct from usual.book_qty"""
        ).fetchall()[0][0]
        con.execute(
            f"""create view mended as
            select ledger.* replace (coalesce(again.quantity, ledger.quantity) as quantity)
            from ledger left join read_parquet('{corrections}') as again using (movement_id)
            where coalesce(again.quantity, ledger.quantity) <> 0"""
        )
        found = {
            "balances": (
                "select warehouse_code, sku_code, book_qty, line_count, last_movement_at "
                "from ours.intermediate.int_stock_balances__current where line_count > 0",
                balances_of("mended"),
            ),
            "books": (
                "select warehouse_code, sku_code, counted_at, book_qty, late_qty "
                "from ours.intermediate.int_stock_counts__booked",
                f"select * from ({books_of('mended')}) semi join counts using (warehouse_code, sku_code)",
            ),
        }
        differ = 0
        for ours, theirs in found.values():
            for one, other in ((ours, theirs), (theirs, ours)):
                differ += con.execute(f"select count(*) from (({one}) except all ({other}))").fetchall()[0][0]
    return {"rows_that_differ": differ, "keys_wrong_of_usual": wrong}
