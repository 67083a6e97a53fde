"""A lake as ingestion would leave it, written by SQL: a merchant of 20,000 order lines a day, however long.

Each order has one line or two, one parcel of four scans, three pushed events and a customer who comes back;
it is exported on its day, the next, and the fourth. Nothing is damaged, late or linked: the lake measures the
models' work, not their rules. Written without vault and key; not for a data folder that people use.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

import duckdb
import polars as pl

from dagster_project.lib import ledger
from dagster_project.lib.feeds import load_feeds
from dagster_project.lib.ingest.rules.checks import QUARANTINE_SCHEMA
from dagster_project.lib.ingest.store import LEDGER_SCHEMA
from dagster_project.settings import Settings

LINES_A_DAY = 20_000
START = datetime(2024, 1, 1)
SHOWN_AFTER_DAYS = (0, 1, 4)
"""When an order is exported: new, shipped, completed."""

_ORDER = """
    select order_no, line_no, order_no // {orders_a_day} as day_no,
        'O' || order_no as channel_order_id,
        timestamp '{start}' + to_seconds(86400 * (order_no // {orders_a_day}) + order_no % 50000)
            as ordered_at
    from range({first}, {last}) as orders (order_no),
        lateral (select unnest(range(1, 2 + order_no % 2)) as line_no)
"""
_FEEDS = {
    "orders": """
        select 'own' as channel, 's1' as shop_id, channel_order_id, channel_order_id || '-' || line_no
            as channel_line_id, 'K' || (order_no * 7 + line_no) % 2000 as channel_sku_code, 1 as quantity,
            case {day} - day_no when 0 then 'paid_pending_ship' when 1 then 'shipped' else 'completed' end
                as status, 30.0 as line_amount_cny, 30.0 * (1 + order_no % 2) as paid_amount_cny,
            'a' || order_no % {customers} as receiver_address_token, ordered_at,
            ordered_at + interval 1 minute as paid_at, ordered_at + interval 2 day as promised_ship_at,
            case when {day} > day_no then ordered_at + interval 20 hour end as shipped_at,
            case when {day} > day_no + 1 then ordered_at + interval 70 hour end as signed_at,
            case when {day} > day_no + 1 then ordered_at + interval 80 hour end as completed_at,
            case when {day} > day_no then 'W' || order_no end as waybill_no, 'sf' as carrier,
            'WH' || order_no % 5 as warehouse_code
        from shown""",
    "tracks": """
        select 'sf' as carrier, 'W' || order_no as waybill_no, node, node as node_raw,
            ordered_at + to_hours(after_hours) as node_at, ordered_at + to_hours(after_hours) as received_at
        from shown, (values
            (1, 'picked_up', 22), (1, 'in_transit', 30), (4, 'delivering', 60), (4, 'signed', 70)
        ) as nodes (shown_after, node, after_hours)
        where line_no = 1 and {day} - day_no = nodes.shown_after""",
    "order_events": """
        select 'E' || order_no || '-' || code as event_id, 'own' as channel, channel_order_id,
            code as event_code, ordered_at + to_hours(after_hours) as occurred_at,
            ordered_at + to_hours(after_hours) as received_at, 'oms' as source_system
        from shown, (values (0, 'payment_succeeded', 0), (1, 'order_shipped', 20), (4, 'order_signed', 70))
            as codes (shown_after, code, after_hours)
        where line_no = 1 and {day} - day_no = codes.shown_after""",
}  # fmt: skip


@dataclass
class SyntheticLake:
    """The stores of one data folder, day by day. `write_days` may be called again for later days."""

    settings: Settings
    customers: int
    lines_a_day: int = LINES_A_DAY
    days: int = 0

    def write_days(self, days: int) -> datetime:
        """Writes the files of the next `days` days, the ledger and the identity of all; gives the cut-off."""
        with duckdb.connect() as connection:
            for name, feed in load_feeds().items():
                folder = self.settings.lake / name
                folder.mkdir(parents=True, exist_ok=True)
                if not (folder / "_schema.parquet").exists():
                    pl.DataFrame(schema=feed.lake_schema()).write_parquet(folder / "_schema.parquet")
                connection.execute(f"create table {name} as from '{folder}/_schema.parquet'")
            for day in range(self.days, self.days + days):
                self._write_day(connection, day)
            self.days += days
            self._write_ledger()
            self._write_identity(connection)
        return START + timedelta(days=self.days)

    def _write_day(self, connection: duckdb.DuckDBPyConnection, day: int) -> None:
        orders_a_day = self.lines_a_day * 2 // 3
        parts = [
            _ORDER.format(
                start=START,
                orders_a_day=orders_a_day,
                first=(day - after) * orders_a_day,
                last=(day - after + 1) * orders_a_day,
            )
            for after in SHOWN_AFTER_DAYS
            if day >= after
        ]
        connection.execute(f"create or replace temp table shown as {' union all '.join(parts)}")
        for feed, query in _FEEDS.items():
            folder = self.settings.lake / feed / f"source=luyue_{feed}"
            folder.mkdir(exist_ok=True)
            said = query.format(day=day, customers=self.customers)
            exported_at = START + timedelta(days=day + 1)
            connection.execute(f"""
                copy (select * from (from {feed} limit 0) union all by name select *,
                    'luyue_{feed}' as source, '{feed}-{day:05}' as batch_id, '{day:05}' as source_file,
                    1 + row_number() over () as source_line, timestamp '{exported_at}' as exported_at
                    from ({said}))
                to '{folder}/batch={feed}-{day:05}.parquet' (format parquet, compression zstd)""")

    def _write_ledger(self) -> None:
        feeds = load_feeds()
        carried = {feed: f",{','.join(feeds[feed].columns)}," for feed in _FEEDS}
        rows = [
            {
                "batch_id": f"{feed}-{day:05}",
                "source": f"luyue_{feed}",
                "feed": feed,
                "source_file": f"{day:05}",
                "exported_at": START + timedelta(days=day + 1),
                "arrival_seq": day * len(_FEEDS) + number,
                "grain": "line" if feed == "orders" else None,
                "carried_columns": carried[feed],
                "state": "accepted",
                "is_complete": False,
                "lake_size": 1,
                "lake_mtime_ns": 1,
            }
            for day in range(self.days)
            for number, feed in enumerate(_FEEDS)
        ]
        schema = {**LEDGER_SCHEMA, "lake_size": pl.Int64, "lake_mtime_ns": pl.Int64}
        pl.DataFrame(rows, schema=schema).write_parquet(self.settings.lake / ledger.FILE)
        quarantine = self.settings.lake / "_quarantine"
        quarantine.mkdir(exist_ok=True)
        pl.DataFrame(schema=QUARANTINE_SCHEMA).write_parquet(quarantine / "none.parquet")

    def _write_identity(self, connection: duckdb.DuckDBPyConnection) -> None:
        for folder in (self.settings.identity, self.settings.addresses):
            folder.mkdir(exist_ok=True)
        orders = self.days * (self.lines_a_day * 2 // 3)
        connection.execute(f"""
            copy (select 'luyue_orders' as source, 'own' as channel, 'O' || order_no as source_record_id,
                role, 'order' as record_kind, null::varchar as touchpoint, 'c' || order_no % {self.customers}
                as customer_id, timestamp '{START}' as occurred_at,
                timestamp '{START}' as exported_at
                from range({orders}) as orders (order_no),
                    (values ('owner'), ('recipient')) as roles (role))
            to '{self.settings.identity}/members-1.parquet' (format parquet)""")
        (self.settings.identity / "CURRENT").write_text("members-1.parquet\n", encoding="utf-8")
        connection.execute(f"""
            copy (select
                'a' || n as address_token, '330106' as adcode, '浙江省' as province, '杭州市' as city,
                '西湖区' as district, null::varchar as town_code, null::varchar as town,
                'k' || n as address_key_token, 'room' as visible_to, 'full' as match_method,
                1.0 as confidence, []::varchar[] as candidates, false as has_conflict,
                '浙江省' as province_written, '杭州市' as city_written, '西湖区' as district_written,
                date '2024-01-01' as reference_as_of
                from range({self.customers}) as customers (n))
            to '{self.settings.addresses}/all.parquet' (format parquet)""")
