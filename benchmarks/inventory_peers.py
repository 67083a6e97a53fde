"""What else one would do with a new day of movements, over the same ledger: for `luyue bench inventory`.

Plain SQL without bookkeeping, which is the limit; recomputing everything in SQL, pandas and Polars; and the
usual dbt incremental (delete+insert by key, looking back some days), which misses what came later than that.
Run as `python -m benchmarks.inventory_peers FOLDER NAME…`; each call prints seconds and its peak memory.
"""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from benchmarks import inventory_world as world
from benchmarks.inventory_dbt import peak_mb

if TYPE_CHECKING:
    import duckdb

LOOK_BACK_DAYS = 5
"""As many as the bench adds before the usual incremental has its turn."""
KEY = "warehouse_code, sku_code"
AT = f"timestamp '{world.COUNTED_AT}'"
LINE = f"""{KEY}, movement_id, movement_type, quantity, occurred_at, recorded_at, document_no,
    channel_order_id, source, exported_at, greatest(recorded_at, occurred_at) as known_at"""
"""What a ledger keeps of a line, for whoever asks what moved and why."""


def prepare(folder: Path) -> None:
    """folder/plain.duckdb: what the figures need of folder/warehouse.duckdb, and the figures."""
    with _connect(folder) as con:
        con.execute(f"attach '{folder / 'warehouse.duckdb'}' as made (read_only)")
        con.execute(
            f"create table ledger as select {LINE} from made.intermediate.int_stock_movements__ledger"
        )
        con.execute("detach made")
        con.execute(f"create table balances as {balances_of('ledger')}")
        con.execute(f"create table counts as {books_of('ledger')}")
        con.execute("create table usual as from balances")
        con.execute("checkpoint")


def _connect(folder: Path) -> duckdb.DuckDBPyConnection:
    import duckdb

    return duckdb.connect(str(folder / "plain.duckdb"), config=world.PROFILE)


def balances_of(ledger: str) -> str:
    """SQL of the balances of a relation in the form of the plain ledger."""
    return f"""select {KEY}, sum(quantity)::decimal(18, 3) as book_qty, count(*) as line_count,
        max(occurred_at) as last_movement_at from {ledger} group by {KEY}"""


def books_of(ledger: str) -> str:
    """SQL of the book, and of what was late, at the time of the counts."""
    return f"""select {KEY}, {AT} as counted_at,
        coalesce(sum(quantity) filter (where occurred_at <= {AT}), 0)::decimal(18, 3) as book_qty,
        coalesce(sum(quantity) filter (where occurred_at <= {AT} and known_at > {AT}), 0)::decimal(18, 3)
            as late_qty
        from {ledger} group by {KEY}"""


def add_day(con: duckdb.DuckDBPyConnection, batch: Path) -> None:
    """Append, merge balances, merge the counts that late rows touch; one transaction."""
    con.execute("begin")
    con.execute(f"create temp table day as select {LINE} from read_parquet('{batch}')")
    con.execute("insert into ledger from day")
    con.execute(
        f"""merge into balances as had using ({balances_of("day")}) as new
        on had.warehouse_code = new.warehouse_code and had.sku_code = new.sku_code
        when matched then update set book_qty = had.book_qty + new.book_qty,
            line_count = had.line_count + new.line_count,
            last_movement_at = greatest(had.last_movement_at, new.last_movement_at)
        when not matched then insert values
            (new.warehouse_code, new.sku_code, new.book_qty, new.line_count, new.last_movement_at)"""
    )
    con.execute(
        """merge into counts as had using (
            select counts.warehouse_code, counts.sku_code, counts.counted_at, sum(day.quantity) as book_qty,
                sum(case when day.known_at > counts.counted_at then day.quantity else 0 end) as late_qty
            from counts inner join day
                on counts.warehouse_code = day.warehouse_code and counts.sku_code = day.sku_code
                and counts.counted_at >= day.occurred_at
            group by all
        ) as new
        on had.warehouse_code = new.warehouse_code and had.sku_code = new.sku_code
            and had.counted_at = new.counted_at
        when matched then update set book_qty = had.book_qty + new.book_qty,
            late_qty = had.late_qty + new.late_qty"""
    )
    con.execute("drop table day")
    con.execute("commit")


def plain(folder: Path, batches: list[Path]) -> list[float]:
    """Seconds of each day."""
    with _connect(folder) as con:
        return [_timed(lambda path=path: add_day(con, path)) for path in batches]


def recompute(folder: Path, batches: list[Path]) -> list[float]:
    """Seconds of making balances and books anew from the ledger as it is after `plain`."""
    del batches

    def work(con: duckdb.DuckDBPyConnection) -> None:
        con.execute(f"create or replace table balances_anew as {balances_of('ledger')}")
        con.execute(f"create or replace table counts_anew as {books_of('ledger')}")

    with _connect(folder) as con:
        return [_timed(lambda: work(con))]


def usual(folder: Path, batches: list[Path]) -> list[float]:
    """The keys that moved within the days looked back on, deleted and inserted anew from the ledger."""
    del batches

    def work(con: duckdb.DuckDBPyConnection) -> None:
        touched = f"(from ledger semi join keys using ({KEY}))"
        con.execute("begin")
        con.execute(
            f"""create or replace temp table keys as select distinct {KEY} from ledger
            where occurred_at > (select max(occurred_at) from ledger) - interval {LOOK_BACK_DAYS} day"""
        )
        con.execute(f"create or replace temp table anew as {balances_of(touched)}")
        con.execute(f"delete from usual using keys where {_same('usual', 'keys')}")
        con.execute("insert into usual from anew")
        con.execute("commit")

    with _connect(folder) as con:
        return [_timed(lambda: work(con))]


def polars(folder: Path, batches: list[Path]) -> list[float]:
    """Everything anew in Polars, from one Parquet."""
    import polars as pl

    at, key = pl.lit(world.COUNTED_AT), ["warehouse_code", "sku_code"]

    def work() -> None:
        ledger = pl.scan_parquet(_parquet(folder))
        until = ledger.filter(pl.col("occurred_at") <= at)
        late = pl.col("quantity").filter(pl.col("known_at") > at).sum()
        ledger.group_by(key).agg(pl.col("quantity").sum(), pl.col("occurred_at").max()).collect()
        until.group_by(key).agg(pl.col("quantity").sum(), late=late).collect()

    del batches
    return [_timed(work)]


def pandas(folder: Path, batches: list[Path]) -> list[float]:
    """Everything anew in pandas, from the same Parquet; quantities as floats, since it sums no decimals."""
    import pandas as pd

    def work() -> None:
        ledger = pd.read_parquet(_parquet(folder))
        ledger["quantity"] = ledger["quantity"].astype(float)
        keys = ["warehouse_code", "sku_code"]
        ledger.groupby(keys, observed=True).agg({"quantity": "sum", "occurred_at": "max"})
        until = ledger[ledger["occurred_at"] <= world.COUNTED_AT]
        until.groupby(keys, observed=True)["quantity"].sum()
        until[until["known_at"] > world.COUNTED_AT].groupby(keys, observed=True)["quantity"].sum()

    del batches
    return [_timed(work)]


def _parquet(folder: Path) -> Path:
    path = folder / "ledger.parquet"
    if not path.exists():
        with _connect(folder) as con:
            con.execute(f"copy (select {KEY}, quantity, occurred_at, known_at from ledger) to '{path}'")
    return path


def _same(left: str, right: str) -> str:
    return f"{left}.warehouse_code = {right}.warehouse_code and {left}.sku_code = {right}.sku_code"


def _timed(work: Callable[[], None]) -> float:
    started = time.perf_counter()
    work()
    return round(time.perf_counter() - started, 3)


PEERS = {"plain": plain, "recompute": recompute, "usual": usual, "polars": polars, "pandas": pandas}


def main(arguments: list[str]) -> None:
    """Prints one JSON: seconds by turn, and the peak memory of this process in MB."""
    folder, name, *batches = arguments
    if name in ("polars", "pandas"):
        _parquet(Path(folder))
    seconds = PEERS[name](Path(folder), [Path(path) for path in batches])
    sys.stdout.write(json.dumps({"seconds": seconds, "peak_mb": peak_mb()}) + "\n")


if __name__ == "__main__":
    main(sys.argv[1:])
