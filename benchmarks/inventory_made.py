"""A warehouse with a year of stock in it, filled by plain SQL in the form in which the steps leave it.

Only for `luyue bench inventory`: building a hundred million rows through dbt would take most of its time. dbt
makes the empty tables first, so that columns and bookkeeping are the project's own; that what is filled in
is what dbt would have made is seen by the full refresh beside it and by the comparison at the end.
"""

from __future__ import annotations

import json
import subprocess
import sys
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

from benchmarks import inventory_world as world
from benchmarks.inventory_dbt import write_empty_stores

if TYPE_CHECKING:
    import duckdb

_STEP = "intermediate.int_stock_"


def connect(path: Path) -> duckdb.DuckDBPyConnection:
    """A file opened as the project's profile has it."""
    import duckdb

    return duckdb.connect(str(path), config=world.PROFILE)


def run_dbt(folder: Path, cut_offs: list[str]) -> dict[str, Any]:
    """What benchmarks.inventory_dbt prints. Raises RuntimeError with its last line where it fails."""
    command = [sys.executable, "-m", "benchmarks.inventory_dbt", str(folder), *cut_offs]
    root = Path(__file__).resolve().parents[1]
    done = subprocess.run(command, capture_output=True, text=True, check=False, cwd=root)
    if done.returncode:
        raise RuntimeError(f"dbt ended with code {done.returncode}: {(done.stderr or done.stdout)[-1500:]}")
    return dict(json.loads(done.stdout.splitlines()[-1]))


def make(folder: Path, rows: int, keys: int, deltas: list[str]) -> None:
    """folder/lake with `deltas` (SQL, one a day; not the year before), and folder/warehouse.duckdb."""
    write_empty_stores(folder)
    year = {f"y{day:03d}": ("stock_movements", world.START + timedelta(days=day)) for day in _days()}
    counted = {"counts": ("stock_counts", world.COUNTED_AT)}
    after = {
        f"d{number:03d}": ("stock_movements", world.START + timedelta(days=world.DAYS + number))
        for number in range(1, len(deltas) + 1)
    }
    with connect(folder / "none.duckdb") as con:
        world.write_batches(con, folder / "lake", {**year, **counted, **after})
        for number, sql in enumerate(deltas, start=1):
            world.write_batch(con, folder / "lake", f"d{number:03d}", sql)
    run_dbt(folder, [str(world.START)])
    with connect(folder / "warehouse.duckdb") as con:
        _fill(con, rows, keys)
        con.execute("checkpoint")


def _days() -> range:
    return range(1, world.DAYS + 1)


def _fill(con: duckdb.DuckDBPyConnection, rows: int, keys: int) -> None:
    con.execute(
        f"""insert into {_STEP}movements__keyed by name
        select *, {world.batch_of_day()} as batch_id, '1' as line_key,
            right(movement_id, 10)::bigint as source_line, 'line' as grain,
            1::bigint as run_no
        from ({world.initial(rows, keys)})"""
    )
    con.execute(
        f"""insert into {_STEP}movements__exports by name
        select source, warehouse_code, exported_at, left(movement_id, 2) as id_start,
            length(movement_id) as id_length, min(movement_id) as least_id, max(movement_id) as greatest_id,
            run_no
        from {_STEP}movements__keyed group by all"""
    )
    con.execute(
        f"""insert into {_STEP}movements__ledger by name
        select warehouse_code, sku_code, movement_id, line_key, movement_type, quantity, occurred_at,
            document_no, channel_order_id, source, exported_at as first_exported_at, recorded_at,
            greatest(recorded_at, occurred_at) as known_at, exported_at, run_no
        from {_STEP}movements__keyed"""
    )
    con.execute(
        f"""insert into {_STEP}balances__current by name
        select warehouse_code, sku_code, sum(quantity) as book_qty, count(*) as line_count,
            max(occurred_at) as last_movement_at
        from {_STEP}movements__ledger group by all"""
    )
    at = f"timestamp '{world.COUNTED_AT}'"
    con.execute(
        f"""insert into {_STEP}counts__booked by name
        select warehouse_code, sku_code, {at} as counted_at, 'physical' as count_type,
            book_qty + (hash(sku_code, warehouse_code) % 500 = 0)::int as counted_qty, book_qty, late_qty,
            1::bigint as run_no
        from (
            select warehouse_code, sku_code,
                coalesce(sum(quantity) filter (where occurred_at <= {at}), 0) as book_qty,
                coalesce(sum(quantity) filter (where occurred_at <= {at} and known_at > {at}), 0) as late_qty
            from {_STEP}movements__ledger group by all
        )"""
    )
    con.execute(
        f"""insert into {_STEP}counts__deduplicated by name
        select warehouse_code, sku_code, counted_at, count_type, counted_qty as on_hand_qty, run_no
        from {_STEP}counts__booked"""
    )
    con.execute(
        f"""insert into {_STEP}counts__keyed by name
        select warehouse_code, sku_code, counted_at, count_type, on_hand_qty, 'counts' as batch_id,
            row_number() over () as source_line, counted_at as exported_at, run_no,
            ',on_hand_qty,' as carried_columns, 'luyue_stock_counts' as source
        from {_STEP}counts__deduplicated"""
    )
    con.execute(
        """insert into increments.stock_batches
        select case feed when 'stock_counts' then 'counts_keyed' else 'keyed' end,
            batch_id, exported_at, arrival_seq
        from lake.batches where batch_id not like 'd%'"""
    )
    con.execute(
        f"update increments.stock_steps set as_of = timestamp '{world.START + timedelta(days=world.DAYS)}'"
    )
