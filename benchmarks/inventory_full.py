"""The project's own stock models over the whole year at once: dbt's full refresh for `luyue bench inventory`.

It reads the movements from a lake as a first run would, and ends where the increments beside it end: same
batches, same cut-off. So its tables say, too, whether increments equal a full refresh.
"""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Any

from benchmarks import inventory_made
from benchmarks import inventory_world as world
from benchmarks.inventory_dbt import FULL_REFRESH, write_empty_stores

YEAR = "all"
COMPARED = {
    "int_stock_balances__current": "warehouse_code, sku_code, book_qty, line_count, last_movement_at",
    "int_stock_counts__booked": "warehouse_code, sku_code, counted_at, counted_qty, book_qty, late_qty",
}


def measured(folder: Path, rows: int, keys: int, as_of: str) -> dict[str, Any]:
    """Of a folder that `inventory_made` filled and the increments went through: seconds of the models, peak
    memory in MB, and the rows in which both warehouses differ."""
    full = folder / "full"
    write_empty_stores(full)
    _write_lake(folder, full / "lake", rows, keys)
    done = inventory_made.run_dbt(full, [FULL_REFRESH, str(world.START), as_of])
    differ = _differences(folder / "warehouse.duckdb", full / "warehouse.duckdb")
    shutil.rmtree(full)
    return {"seconds": done["runs"][-1]["models"], "peak_mb": done["peak_mb"], "rows_that_differ": differ}


def _write_lake(folder: Path, lake: Path, rows: int, keys: int) -> None:
    """The lake of a first run: the year's movements and counts, and the days that came after."""
    shutil.copytree(folder / "lake", lake, dirs_exist_ok=True)
    counts = lake / "stock_counts" / "source=luyue_stock_counts"
    counts.mkdir(parents=True)
    with inventory_made.connect(folder / "none.duckdb") as con:
        world.write_batch(con, lake, YEAR, world.initial(rows, keys), of_day=True)
        con.execute(f"attach '{folder / 'warehouse.duckdb'}' as made (read_only)")
        con.execute(
            f"""copy (
                select warehouse_code, sku_code, counted_at, count_type, on_hand_qty, batch_id, source,
                    source_line, exported_at, batch_id || '.csv' as source_file,
                    cast(null as varchar) as extras
                from made.intermediate.int_stock_counts__keyed
            ) to '{counts}/batch=counts.parquet' (format parquet, compression zstd)"""
        )


def _differences(incremental: Path, full: Path) -> int:
    with inventory_made.connect(full) as con:
        con.execute(f"attach '{incremental}' as grown (read_only)")
        differ = 0
        for table, columns in COMPARED.items():
            kept = "where line_count > 0" if "line_count" in columns else ""
            ours = f"select {columns} from grown.intermediate.{table} {kept}"
            anew = f"select {columns} from intermediate.{table} {kept}"
            for one, other in ((ours, anew), (anew, ours)):
                differ += con.execute(f"select count(*) from (({one}) except all ({other}))").fetchall()[0][0]
    return differ
