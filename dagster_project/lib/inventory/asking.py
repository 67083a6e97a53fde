"""What the ledger says of one key: its book at any past moment, and what lies behind a variance.

The book of a moment is the balance now less what happened since: only the key's later entries are added up.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from dagster_project.lib.errors import LuyueError
from dagster_project.lib.inventory.warehouse import BALANCES, LEDGER, STANDING, opened
from dagster_project.settings import Settings

if TYPE_CHECKING:
    import duckdb

_OF_KEY = "warehouse_code = $warehouse and sku_code = $sku"
Row = dict[str, Any]


@dataclass(frozen=True)
class Book:
    """Pieces on hand by the book at a moment, and what has moved since."""

    warehouse_code: str
    sku_code: str
    at: datetime
    book_qty: Decimal
    moved_since_qty: Decimal
    book_now_qty: Decimal


@dataclass(frozen=True)
class Explained:
    """A count, the evidence that explains it, and the key's movements from the last agreement up to it."""

    count: Row
    evidence: list[Row]
    movements: list[Row]


def book(settings: Settings, warehouse: str, sku: str, at: datetime) -> Book:
    """The book of a key at a moment. Raises LuyueError for a key that never moved."""
    asked = {"warehouse": warehouse, "sku": sku}
    with opened(settings) as connection:
        found = connection.execute(f"select book_qty from {BALANCES} where {_OF_KEY}", asked).fetchall()
        if not found:
            raise LuyueError(
                f"{warehouse} {sku}: no movement of this SKU in this warehouse; check both codes"
            )
        since = connection.execute(
            f"select coalesce(sum(quantity), 0) from {LEDGER} where {_OF_KEY} and occurred_at > $at",
            asked | {"at": at},
        ).fetchall()[0][0]
    now = found[0][0]
    return Book(warehouse, sku, at, now - since, since, now)


def explained(
    settings: Settings, warehouse: str, sku: str, counted_at: datetime | None = None
) -> list[Explained]:
    """The newest counts of a key, one a type, or those of a moment. Raises LuyueError where there is none."""
    asked: dict[str, Any] = {"warehouse": warehouse, "sku": sku}
    which = "is_newest" if counted_at is None else "counted_at = $counted_at"
    asked |= {} if counted_at is None else {"counted_at": counted_at}
    with opened(settings) as connection:
        counts = _rows(
            connection,
            f"""select * from marts.fct_inventory_reconciliation where {_OF_KEY} and {which}
            order by counted_at, count_type""",
            asked,
        )
        if not counts:
            raise LuyueError(f"{warehouse} {sku}: no such count; check the codes and the time")
        return [_behind(connection, count) for count in counts]


def _behind(connection: duckdb.DuckDBPyConnection, count: Row) -> Explained:
    asked = {
        "warehouse": count["warehouse_code"],
        "sku": count["sku_code"],
        "counted_at": count["counted_at"],
        "count_type": count["count_type"],
    }
    evidence = _rows(
        connection,
        f"""select cause, evidence_type, evidence_id, evidence_part, effect_qty, from_at, until_at, is_whole
        from marts.fct_variance_evidence
        where {_OF_KEY} and counted_at = $counted_at and count_type = $count_type order by from_at""",
        asked,
    )
    movements = _rows(
        connection,
        f"""with entries as (
            select * from {LEDGER} where {_OF_KEY} and occurred_at <= $counted_at
        ),
        agreed as (
            select max(counted_at) as agreed_at from marts.fct_inventory_reconciliation
            where {_OF_KEY} and count_type = $count_type and counted_at < $counted_at
                and abs(variance_qty) <= tolerance_qty
        )
        select movement_id, line_key, movement_type, quantity, occurred_at, recorded_at, known_at,
            document_no, channel_order_id
        from ({STANDING.format(entries="entries")})
        where occurred_at > coalesce((select agreed_at from agreed), timestamp '0001-01-01')
        order by occurred_at, movement_id, line_key""",
        asked,
    )
    return Explained(count, evidence, movements)


def _rows(connection: duckdb.DuckDBPyConnection, sql: str, asked: dict[str, Any]) -> list[Row]:
    named = {name: value for name, value in asked.items() if f"${name}" in sql}
    cursor = connection.execute(sql, named)
    names = [column[0] for column in cursor.description or []]
    return [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]
