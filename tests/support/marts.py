"""The published marts as frames, in a form in which two runs can be compared.

Customer ids are names that depend on which records came first; they are compared by the least record of their
group. What tells of the run itself, not of the merchant, is left out, and listed here.
"""

from __future__ import annotations

from pathlib import Path

import duckdb
import polars as pl

RUN_TABLES = frozenset({"run_facts", "rpt_identity_quality", "rpt_restatements", "rpt_quality_scores"})
"""Tables about the run: one row a run, or figures of it."""

LIVES = {
    "rpt_quality_findings": (
        *("state", "state_reason", "first_seen_at", "opened_at", "due_at", "responded_at", "acted_until"),
        *("hours_to_respond", "hours_to_resolve", "is_overdue", "reopened_count"),
    )
}
"""Columns that tell when earlier runs saw a finding; those that are closed only such runs know
(docs/quality.md)."""

RUN_COLUMNS = frozenset({"run_id", "published_at", "batch_id", "arrival_seq"})
"""Columns that say which run or which file brought a row, not what the row says."""


def published_file(data: Path) -> Path:
    """The file that CURRENT names."""
    return data / "serving" / (data / "serving" / "CURRENT").read_text("utf-8").strip()


def read(file: Path) -> dict[str, pl.DataFrame]:
    """Each table of the schema `marts`, whole."""
    with duckdb.connect(str(file), read_only=True) as connection:
        names = connection.execute(
            "select table_name from information_schema.tables where table_schema = 'marts' order by all"
        ).fetchall()
        return {name: connection.sql(f'select * from marts."{name}"').pl() for (name,) in names}


def comparable(marts: dict[str, pl.DataFrame]) -> dict[str, pl.DataFrame]:
    """The marts without run tables and columns, customer ids by their least record, rows in a fixed order."""
    names = _least_records(marts["bridge_customer_records"])
    marts = {table: _without_lives(table, frame) for table, frame in marts.items()}
    return {
        table: _sorted(_named(frame.drop(c for c in frame.columns if c in RUN_COLUMNS), names))
        for table, frame in marts.items()
        if table not in RUN_TABLES
    }


def _without_lives(table: str, frame: pl.DataFrame) -> pl.DataFrame:
    if table not in LIVES:
        return frame
    return frame.filter(pl.col("resolved_at").is_null()).drop(LIVES[table])


def differences(left: dict[str, pl.DataFrame], right: dict[str, pl.DataFrame]) -> list[str]:
    """For each table that differs: how, and a few rows that stand on one side only. Empty if equal."""
    lines = [f"{table}: only on one side" for table in sorted(left.keys() ^ right.keys())]
    for table in sorted(left.keys() & right.keys()):
        a, b = left[table], right[table]
        if a.schema != b.schema:
            lines.append(f"{table}: columns differ: {a.schema} and {b.schema}")
        elif not a.equals(b, null_equal=True):
            only_a = a.join(b, on=a.columns, how="anti", nulls_equal=True)
            only_b = b.join(a, on=a.columns, how="anti", nulls_equal=True)
            lines.append(f"{table}: {a.height} and {b.height} rows, {_differing_columns(only_a, only_b)}")
            lines.append(f"  left only {only_a.height}: {only_a.head(2).rows()}")
            lines.append(f"  right only {only_b.height}: {only_b.head(2).rows()}")
    return lines


def _differing_columns(a: pl.DataFrame, b: pl.DataFrame) -> str:
    if a.height != b.height:
        return "some rows stand on one side only"
    names = [c for c in a.columns if not a[c].sort().equals(b[c].sort(), null_equal=True)]
    return f"differing in {', '.join(names) or 'their combination'}"


def _least_records(bridge: pl.DataFrame) -> pl.DataFrame:
    """customer_id to the text of the least (source, source_record_id, role) of its group.

    The role belongs to it: buyer and receiver of one order may be two customers, and who only ever receives
    is a customer, too.
    """

    def of(role: str, column: str) -> pl.DataFrame:
        record = pl.concat_str("source", pl.lit("/"), "source_record_id", pl.lit(f" ({role})"))
        return bridge.select(pl.col(column).alias("customer_id"), record.alias("record")).drop_nulls()

    records = pl.concat([of("owner", "customer_id"), of("recipient", "recipient_customer_id")])
    return records.group_by("customer_id").agg(pl.col("record").min().alias("least_record"))


def _named(frame: pl.DataFrame, names: pl.DataFrame) -> pl.DataFrame:
    for column in (c for c in frame.columns if c.endswith("customer_id")):
        mapping = names.rename({"customer_id": column})
        frame = frame.join(mapping, on=column, how="left", maintain_order="left")
        frame = frame.with_columns(pl.coalesce("least_record", column).alias(column)).drop("least_record")
    return frame


def _sorted(frame: pl.DataFrame) -> pl.DataFrame:
    """In an order that does not depend on the run; doubles to 9 decimals: sums depend on their order."""
    frame = frame.with_columns(pl.col(pl.Float64, pl.Float32).round(9))
    nested = [name for name, dtype in frame.schema.items() if dtype.is_nested()]
    frame = frame.with_columns(pl.col(name).map_elements(str, pl.String) for name in nested)
    return frame.sort(frame.columns, nulls_last=True)
