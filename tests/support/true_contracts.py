"""Compares contracts, clauses, splits, resources and odd changes of state with the demo merchant's truth."""

from __future__ import annotations

from pathlib import Path

import polars as pl

ORDER = ["channel", "channel_order_id"]
PAIRS: dict[str, tuple[str, list[str]]] = {
    "contract_orders": (
        "select * from marts.bridge_contract_orders",
        [*ORDER, "contract_id", "joined_at", "left_at"],
    ),
    "contract_clauses": (
        "select * from marts.fct_contract_clauses",
        [*ORDER, "clause_code", "item_code", "promised_at", "actual_at", "clause_status"],
    ),
    "clause_conflicts": (
        "select * from marts.fct_clause_conflicts",
        [*ORDER, "clause_code", "conflict_code"],
    ),
    "merge_opportunities": (
        "select * from marts.rpt_merge_opportunities",
        ["merge_group_id", "order_count", "parcel_count", "warehouse_count", "saved_parcel_count"],
    ),
    "split_needs": (
        "select * from marts.fct_split_needs",
        [
            *ORDER,
            *("split_status", "line_count", "needed_parcel_count", "parcel_count", "mixed_parcel_count"),
            *("split_into_count", "split_request_count"),
        ],
    ),
    "resource_coverage": (
        "select * from marts.rpt_resource_coverage",
        [
            *("adcode", "need", "coverage_status", "order_count", "customer_count"),
            *("resource_count", "able_count", "unplaced_count"),
        ],
    ),
    "resource_loads": (
        "select * from marts.rpt_resource_load where resource_type <> 'carrier'",
        [
            *("resource_code", "load_date", "order_count", "report_count", "p50_load", "peak_load"),
            "late_report_count",
        ],
    ),
    "odd_transitions": (
        "select *, occurred_before as occurred_before_at from marts.fct_order_transitions"
        " where not is_allowed",
        [*ORDER, "channel_line_id", "from_status", "to_status", "occurred_before_at"],
    ),
}
"""Table of the truth: what is asked of the warehouse, and the columns that must agree, row for row."""


def differences(warehouse: Path, truth_dir: Path, table: str) -> list[str]:
    """Rows that stand on one side only, a few of each; empty if all agree. Raises if the truth is empty."""
    import duckdb

    query, columns = PAIRS[table]
    with duckdb.connect(str(warehouse), read_only=True) as connection:
        found = connection.sql(query).pl().select(columns)
    true = pl.read_parquet(truth_dir / f"{table}.parquet").select(columns)
    assert true.height, f"{table}: the demo has none"
    lines = []
    for side, rows in (("found", _only(found, true)), ("true", _only(true, found))):
        lines += [f"{side} only, {rows.height}: {row}" for row in rows.sort(columns).head(3).rows()]
    return lines if found.height == true.height or lines else [f"{found.height} rows, {true.height} true"]


def _only(one: pl.DataFrame, other: pl.DataFrame) -> pl.DataFrame:
    return one.join(other, on=one.columns, how="anti", nulls_equal=True)
