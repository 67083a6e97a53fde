"""Proving the ledger: balances and books of counts made anew from its entries, and the totals of each run.

A daily proof takes keys at random; a full one takes all, and the total that each run noted of what it
added. Repairing puts a damaged key right from the ledger; a damaged ledger is made anew by
`luyue run --full-refresh`.
"""

from __future__ import annotations

import random
from dataclasses import dataclass
from typing import TYPE_CHECKING

from dagster_project.lib.inventory.warehouse import BALANCES, BOOKED, LEDGER, STANDING, TOTALS, opened
from dagster_project.settings import Settings

if TYPE_CHECKING:
    import duckdb

SAMPLED_KEYS = 1_000
"""Keys of a daily proof: damage to one key of a hundred is seen with a probability of 0.99996."""

_KEY = "warehouse_code, sku_code"
_DAMAGED_BALANCES = f"""
    select {_KEY} from (select * from anew full join kept using ({_KEY}))
    where (anew_qty, anew_lines, anew_last) is distinct from (kept_qty, kept_lines, kept_last)
"""


@dataclass(frozen=True)
class Proof:
    """What was looked at and what was found damaged: keys as (warehouse_code, sku_code), runs by number."""

    keys: int
    counts: int
    damaged_keys: list[tuple[str, str]]
    damaged_runs: list[int]
    is_repaired: bool

    @property
    def holds(self) -> bool:
        """Whether nothing is damaged any more."""
        return not self.damaged_runs and (self.is_repaired or not self.damaged_keys)


def prove(settings: Settings, *, full: bool = False, seed: int | None = None, repair: bool = False) -> Proof:
    """Compares the figures with the ledger. `seed` fixes the keys that are taken; null: others each time.

    Raises LuyueError without a warehouse, LockBusyError while a run writes.
    """
    with opened(settings, for_writing=repair) as connection:
        connection.execute("begin")
        keys = _take_keys(connection, full=full, seed=seed)
        _make_anew(connection)
        damaged = connection.execute(
            f"select distinct {_KEY} from ({_DAMAGED_BALANCES} union all select {_KEY} from wrong_counts) "
            "order by all"
        ).fetchall()
        counts = connection.execute("select count(*) from counts_anew").fetchall()[0][0]
        runs = _damaged_runs(connection) if full else []
        if repair and damaged:
            _repair(connection)
        connection.execute("commit")
    return Proof(keys, counts, damaged, runs, repair and bool(damaged))


def _take_keys(connection: duckdb.DuckDBPyConnection, *, full: bool, seed: int | None) -> int:
    chosen = ""
    if not full:
        salt = random.Random(seed).randrange(2**31)
        chosen = f"order by hash({_KEY}, {salt}) limit {SAMPLED_KEYS}"
    connection.execute(
        f"""create temp table keys as
        select {_KEY} from (
            select {_KEY} from {BALANCES} union select {_KEY} from {BOOKED}
            {"union select " + _KEY + " from " + LEDGER if full else ""}
        ) {chosen}"""
    )
    return int(connection.execute("select count(*) from keys").fetchall()[0][0])


def _make_anew(connection: duckdb.DuckDBPyConnection) -> None:
    """anew and kept balances, books of counts and those that differ, of the keys."""
    connection.execute(
        f"""create temp table entries as
        select ledger.* from {LEDGER} as ledger semi join keys using ({_KEY});
        create temp table anew as
        select {_KEY}, sum(quantity)::decimal(18, 3) as anew_qty,
            count(*)::bigint as anew_lines, max(occurred_at) as anew_last
        from ({STANDING.format(entries="entries")}) group by all;
        create temp table kept as
        select {_KEY}, book_qty as kept_qty, line_count as kept_lines, last_movement_at as kept_last
        from {BALANCES} semi join keys using ({_KEY}) where line_count <> 0 or book_qty <> 0;
        create temp table counts_anew as
        select counts.{_KEY.replace(", ", ", counts.")}, counts.counted_at, counts.count_type,
            coalesce(sum(entries.quantity), 0)::decimal(18, 3) as book_qty,
            coalesce(sum(entries.quantity) filter (where entries.known_at > counts.counted_at), 0)
                ::decimal(18, 3) as late_qty
        from {BOOKED} as counts semi join keys using ({_KEY})
        left join entries
            on counts.warehouse_code = entries.warehouse_code and counts.sku_code = entries.sku_code
            and counts.counted_at >= entries.occurred_at
        group by all;
        create temp table wrong_counts as
        select counts_anew.* from counts_anew
        inner join {BOOKED} as had using ({_KEY}, counted_at, count_type)
        where (had.book_qty, had.late_qty) is distinct from (counts_anew.book_qty, counts_anew.late_qty)"""
    )


def _damaged_runs(connection: duckdb.DuckDBPyConnection) -> list[int]:
    rows = connection.execute(
        f"""select run_no from (
            select run_no, count(*) as entry_count, sum(quantity) as quantity from {LEDGER} group by run_no
        ) as found full join {TOTALS} as noted using (run_no)
        where (found.entry_count, found.quantity) is distinct from (noted.entry_count, noted.quantity)
        order by run_no"""
    ).fetchall()
    return [int(row[0]) for row in rows]


def _repair(connection: duckdb.DuckDBPyConnection) -> None:
    connection.execute(
        f"""create temp table damaged as {_DAMAGED_BALANCES};
        delete from {BALANCES} as had using damaged
        where had.warehouse_code = damaged.warehouse_code and had.sku_code = damaged.sku_code;
        insert into {BALANCES} by name
        select {_KEY}, anew_qty as book_qty, anew_lines as line_count, anew_last as last_movement_at
        from anew semi join damaged using ({_KEY});
        update {BOOKED} as had set book_qty = wrong.book_qty, late_qty = wrong.late_qty
        from wrong_counts as wrong
        where had.warehouse_code = wrong.warehouse_code and had.sku_code = wrong.sku_code
            and had.counted_at = wrong.counted_at and had.count_type = wrong.count_type"""
    )
