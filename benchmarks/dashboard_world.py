"""What the dashboard's bench looks at: published files of a demo merchant grown to any number of orders, and
versions of one that can be told apart.

A version's parts all have one rate, which is also its index: a page that mixes two versions shows it.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import time
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from dagster_project import settings
from dagster_project.lib import publish
from dagster_project.lib.runs import write_text
from dagster_project.settings import Settings

if TYPE_CHECKING:
    import duckdb

LUYUE = Path(sys.executable).with_name("luyue")
ORDERS = 50_000
"""Orders of the demo merchant that is grown."""
READY = "LUYUE_BENCH_DATA"
"""Names a data folder with a published file, which is grown instead of making one."""
FILES = settings.KEPT_VERSIONS + 2
"""Files behind the versions that are published: any two that are kept or open at once differ."""
KEYS = (
    "address_token", "aftersale_id", "anomaly_id", "channel_line_id", "channel_order_id", "contract_id",
    "customer_id", "decision_id", "event_id", "finding_id", "merge_group_id", "offer_id",
    "parent_channel_order_id", "parent_order_id", "penalty_id", "recipient_customer_id", "request_id",
    "return_waybill_no", "source_record_id", "waybill_no",
)  # fmt: skip
"""Columns that tell one thing from another: each copy of a row has keys of its own, alike in all marts."""
GROWING: Mapping[str, str] = {
    "bridge_contract_orders": "true",
    "bridge_customer_records": "true",
    "bridge_order_splits": "true",
    "dim_addresses": "true",
    "dim_customer_fields": "true",
    "dim_customers": "true",
    "fct_aftersales": "true",
    "fct_anomalies": "true",
    "fct_change_requests": "true",
    "fct_clause_conflicts": "true",
    "fct_contract_clauses": "true",
    "fct_fulfilment_contracts": "true",
    "fct_order_events": "true",
    "fct_order_lines": "true",
    "fct_order_transitions": "true",
    "fct_orders": "true",
    "fct_oversells": "oversell_kind = 'order_line'",
    "fct_penalties": "true",
    "fct_routing_decisions": "true",
    "fct_sla_offers": "true",
    "fct_split_needs": "true",
    "rpt_merge_opportunities": "true",
    "rpt_quality_findings": "orders_touched > 0",
}
"""Marts with a row for each order, or what comes with it, and which of their rows do. The others are sums by
day and member, or master data and stock, which more orders do not lengthen."""
STOCK = frozenset(
    {
        "dim_sku_aliases",
        "dim_skus",
        "fct_inventory_reconciliation",
        "fct_stock_positions",
        "fct_variance_evidence",
    }
)
"""Marts with a row for each SKU, or each at a warehouse."""
STOCK_KEYS = ("channel_sku_code", "sku_code")
STOCK_GROWS = 0.57
"""Stock grows with this power of the orders: the demo has ten times the positions at 56 times the orders."""
_ONE_RATE = """
update marts.rpt_experience_index
set value = case when kpi = 'experience_index' then 100 * $rate else $rate end
where value is not null
"""


def base(folder: Path, scale: float) -> Path:
    """The published file that is grown: of a folder that is ready, or of the demo after one whole run."""
    ready = os.environ.get(READY)
    if ready:
        current = publish.current(settings.load(data=Path(ready), env={}))
        if current is None:
            raise SystemExit(f"{READY}: {ready} has no published file")
        return current
    orders = str(max(int(ORDERS * scale), 300))
    for command in (["demo", "--out", str(folder), "--orders", orders], ["run", "--data", str(folder)]):
        done = subprocess.run([LUYUE, *command], capture_output=True, text=True, check=False)
        if done.returncode:
            raise SystemExit(f"luyue {command[0]} failed:\n{done.stderr[-2000:]}")
    made = publish.current(settings.load(data=folder, env={}))
    assert made is not None
    return made


def grown(of: Path, folder: Path, orders: int) -> tuple[Settings, dict[str, Any]]:
    """A data folder whose version in force has at least so many orders, and how it was published.

    The marts are views over the rows of `of`, each told as often as it takes; publishing writes them out, as
    it does those of a run.
    """
    import duckdb

    told = settings.load(data=folder, env={})
    folder.mkdir(parents=True, exist_ok=True)
    with duckdb.connect(str(told.warehouse)) as con:
        con.execute(f"attach '{of}' as told (read_only)")
        con.execute("create schema once")
        con.execute(f"create schema {publish.SCHEMA}")
        times = -(-orders // max(_count(con, "told.marts.fct_orders"), 1))
        for (table,) in con.execute(
            "select table_name from duckdb_tables() where database_name = 'told' and schema_name = ?",
            [publish.SCHEMA],
        ).fetchall():
            if table in GROWING or table in STOCK:
                con.execute(f"create table once.{table} as from told.marts.{table}")
                con.execute(f"create view marts.{table} as {_repeated(con, table, times)}")
            else:
                con.execute(f"create table marts.{table} as from told.marts.{table}")
    started = time.monotonic()
    file = publish.publish(told, "20000101T000000-000000")
    seconds = time.monotonic() - started
    told.warehouse.unlink()
    rows = publish.rows_in(file)
    with duckdb.connect(str(file), read_only=True) as con:
        counted = {
            "orders": _count(con, "marts.fct_orders"),
            "order_lines": _count(con, "marts.fct_order_lines"),
        }
    published = {"rows": rows, "seconds": round(seconds, 1), "rows_a_second": round(rows / seconds)}
    return told, {**counted, **published, "mb": file.stat().st_size // 2**20}


class Publisher:
    """Publishes versions of one file that differ in their rates, at next to no cost.

    Publishing for real is another bench's matter: here a new name appears, CURRENT is swapped and the oldest
    is pruned as publishing does; what stands under the name is one of a few files made beforehand.
    """

    def __init__(self, told: Settings) -> None:
        import duckdb

        self._told = told
        whole = publish.current(told)
        assert whole is not None
        self._files = [told.data / f"version_{at}.duckdb" for at in range(FILES)]
        for at, path in enumerate(self._files):
            shutil.copyfile(whole, path)
            with duckdb.connect(str(path)) as con:
                con.execute(_ONE_RATE, {"rate": (at + 1) * 0.15})
        self.published = 0

    def publish(self) -> None:
        """The next version."""
        path = self._told.serving / f"serve_90000101T000000-{self.published:06d}.duckdb"
        os.link(self._files[self.published % FILES], path)
        write_text(self._told.serving / "CURRENT", f"{path.name}\n")
        for name in publish.versions(self._told)[: -settings.KEPT_VERSIONS]:
            (self._told.serving / name).unlink()
        self.published += 1


def _repeated(con: duckdb.DuckDBPyConnection, table: str, times: int) -> str:
    """SQL: the rows of one mart so often, copies of one row side by side."""
    columns = [name for (name,) in con.execute(f"select column_name from (describe once.{table})").fetchall()]
    of_table = STOCK_KEYS if table in STOCK else KEYS
    keys = ", ".join(
        f"if(copy_no = 0, {key}, {key} || '-' || copy_no) as {key}" for key in of_table if key in columns
    )
    if table in STOCK:
        times = round(times**STOCK_GROWS)
    often = f"if({GROWING.get(table, 'true')}, {times}, 1)"
    return (
        f"select * exclude (copy_no) replace ({keys}) "
        f"from (select *, unnest(range({often})) as copy_no from once.{table})"
    )


def _count(con: duckdb.DuckDBPyConnection, table: str) -> int:
    return int(con.execute(f"select count(*) from {table}").fetchall()[0][0])
