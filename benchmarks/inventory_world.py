"""A ledger of any length and what follows it, as SQL that generates it: for `luyue bench inventory` alone.

A year of movements of a million keys (200,000 SKUs in five warehouses), exported by day, document numbers
that count up, two of a hundred recorded up to sixty days after they occurred; a count of every key; then days
of 100,000 movements of the same kind. Nothing here is measured, and no rule of the project stands here.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import duckdb

START = datetime(2025, 1, 1)
DAYS = 365
COUNTED_AT = START + timedelta(days=350)
WAREHOUSES = 5
LATE_ONE_IN, LATEST_DAYS = 50, 60
SOURCE = "luyue_stock_movements"
PROFILE: dict[str, bool | int | float | str | list[str]] = {
    "threads": 2,
    "preserve_insertion_order": False,
    "checkpoint_threshold": "128MB",
}
"""How dbt/profiles.yml opens a warehouse; whoever is measured beside it opens theirs alike."""
COLUMNS = "sku_code,movement_type,quantity,occurred_at,recorded_at,document_no,channel_order_id"


def movements(first: int, rows: int, start: datetime, span: timedelta, keys: int, export: str) -> str:
    """SQL of `rows` movement lines in the columns of lake/stock_movements, numbered from `first`.

    They are recorded evenly over `span` from `start`; `export` is SQL of exported_at, over recorded_at.
    """
    step = int(span.total_seconds() * 1e6) // max(rows, 1)
    return f"""
        with numbered as (
            select
                i,
                hash(i) as dice,
                timestamp '{start}' + to_microseconds((i - {first}) * {step}) as recorded_at
            from range({first}, {first + rows}) as t(i)
        ),
        told as (
            select
                *,
                (dice % {keys})::integer as k,
                case
                    when i % {LATE_ONE_IN} = 0
                        then recorded_at - to_seconds((dice >> 20) % {LATEST_DAYS * 86_400} + 60)
                    else recorded_at
                end as occurred_at,
                (dice >> 8) % 100 as kind
            from numbered
        )
        select
            'W' || (k % {WAREHOUSES}) as warehouse_code,
            'S' || lpad((k // {WAREHOUSES})::varchar, 6, '0') as sku_code,
            'M' || lpad(i::varchar, 10, '0') as movement_id,
            '1' as line_no,
            case when kind < 80 then 'sales_out' when kind < 95 then 'purchase_in' else 'adjust' end
                as movement_type,
            cast(case when kind < 80 then -1 when kind < 95 then 5 else 1 end * (1 + (dice >> 40) % 3)
                as decimal(18, 3)) as quantity,
            greatest(occurred_at, timestamp '{START}') as occurred_at,
            recorded_at,
            cast(null as varchar) as document_no,
            cast(null as varchar) as channel_order_id,
            '{SOURCE}' as source,
            {export} as exported_at
        from told
    """


def initial(rows: int, keys: int) -> str:
    """The year before: exported each night."""
    return movements(
        0, rows, START, timedelta(days=DAYS), keys, "date_trunc('day', recorded_at) + interval 1 day"
    )


def delta(number: int, first: int, rows: int, keys: int) -> str:
    """The day `number` (from 1) after the year."""
    at = START + timedelta(days=DAYS + number - 1)
    return movements(first, rows, at, timedelta(days=1), keys, f"timestamp '{at + timedelta(days=1)}'")


def corrected(number: int, rows: int, keys: int, ledger_rows: int) -> str:
    """`rows` lines of the year's last eighth, exported again: another quantity, one in ten withdrawn."""
    at = START + timedelta(days=DAYS + number)
    step = max(ledger_rows // 8 // rows, 1)
    year = initial(ledger_rows, keys)
    lines = year.replace(
        f"range(0, {ledger_rows})", f"range({ledger_rows - step * rows}, {ledger_rows}, {step})"
    )
    return f"""
        select * replace (
            cast(case when hash(movement_id) % 10 = 0 then 0 else quantity + 1 end as decimal(18, 3))
                as quantity,
            timestamp '{at}' as exported_at
        )
        from ({lines})
    """


def batch_of_day() -> str:
    """SQL of the batch in which a movement of the year before was exported."""
    return f"'y' || lpad(date_diff('day', timestamp '{START}', exported_at)::varchar, 3, '0')"


def write_batch(
    con: duckdb.DuckDBPyConnection, lake: Path, batch: str, sql: str, *, of_day: bool = False
) -> None:
    """One Parquet of lake/stock_movements, in the form in which ingestion leaves a batch; `of_day`: the
    batches of all days in one file."""
    folder = lake / "stock_movements" / f"source={SOURCE}"
    folder.mkdir(parents=True, exist_ok=True)
    con.execute(
        f"""copy (
            select *, {batch_of_day() if of_day else f"'{batch}'"} as batch_id, '{batch}.csv' as source_file,
                row_number() over () as source_line, cast(null as varchar) as extras
            from ({sql})
        ) to '{folder}/batch={batch}.parquet' (format parquet, compression zstd)"""
    )


def write_batches(
    con: duckdb.DuckDBPyConnection, lake: Path, batches: dict[str, tuple[str, datetime]]
) -> None:
    """The batch ledger: batch id to its feed and time of export, in order of arrival."""
    rows = ", ".join(
        f"('{batch}', '{feed}', timestamp '{at}', {number}::bigint)"
        for number, (batch, (feed, at)) in enumerate(batches.items(), start=1)
    )
    (lake / "_batches").mkdir(parents=True, exist_ok=True)
    con.execute(
        f"""copy (
            select batch_id, 'luyue_' || feed as source, feed, cast(null as varchar) as channel,
                batch_id || '.csv' as source_file, exported_at, arrival_seq, 'line' as grain,
                ',{COLUMNS},on_hand_qty,' as carried_columns, 'accepted' as state,
                cast(null as varchar) as reason_code, 0::bigint as rows_read, 0::bigint as rows_accepted,
                0::bigint as rows_refused, 0::bigint as rows_totals, false as is_complete,
                cast(null as varchar) as window_column, cast(null as timestamp) as window_from,
                cast(null as timestamp) as window_to
            from (values {rows}) as t(batch_id, feed, exported_at, arrival_seq)
        ) to '{lake}/_batches/all.parquet' (format parquet)"""
    )
