"""What the batch ledger and the lake say about themselves: newest export, accounting, unknown states.

Reading only; ingestion alone writes them. Counts come from Parquet footers or single columns, by DuckDB.
"""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import Any

from dagster_project.lib.errors import LuyueError
from dagster_project.settings import Settings


def newest_exported_at(settings: Settings) -> datetime:
    """The newest export time of the accepted files. Raises LuyueError where none was accepted."""
    rows: list[tuple[Any, ...]] = []
    if _any(settings.lake / "_batches", "*.parquet"):
        rows = _query(
            "select max(exported_at) from read_parquet(?, union_by_name = true) where state = 'accepted'",
            [_glob(settings.lake / "_batches", "*.parquet")],
        )
    if not rows or rows[0][0] is None:
        raise LuyueError(
            f"{settings.landing}: no file was accepted, so there is nothing to build from; put exports into "
            "landing/<source>/, or write a demo with `luyue demo`"
        )
    return rows[0][0].replace(microsecond=0)


def ids(settings: Settings) -> set[str]:
    """The batches taken so far, accepted or refused."""
    return {path.stem for path in (settings.lake / "_batches").glob("[!._]*.parquet")}


def accounting_gaps(settings: Settings) -> list[str]:
    """One line for each batch whose rows do not add up, or whose lake file is not what its ledger says."""
    if not _any(settings.lake / "_batches", "*.parquet"):
        return []
    stored = "select null::varchar as batch_id, null::bigint as stored where false"
    if _any(settings.lake, "*/source=*/batch=*.parquet"):
        stored = (
            "select regexp_extract(file_name, 'batch=([^/]+)\\.parquet$', 1) as batch_id, "
            "num_rows as stored from parquet_file_metadata(?)"
        )
    parameters = [_glob(settings.lake / "_batches", "*.parquet")]
    parameters += [_glob(settings.lake, "*/source=*/batch=*.parquet")] if "?" in stored else []
    rows = _query(
        f"""
        with ledger as (
            select batch_id, source, source_file, rows_read, rows_refused, rows_totals,
                case when state = 'accepted' then rows_accepted else 0 end as rows_accepted
            from read_parquet(?, union_by_name = true)
        ),
        stored as ({stored})
        select coalesce(source || ': ' || source_file, 'lake: batch ' || stored.batch_id),
            coalesce(rows_read, 0), coalesce(rows_accepted, 0), coalesce(rows_refused, 0),
            coalesce(rows_totals, 0), coalesce(stored, 0)
        from ledger full join stored using (batch_id)
        where coalesce(rows_read, 0)
                <> coalesce(rows_accepted, 0) + coalesce(rows_refused, 0) + coalesce(rows_totals, 0)
            or coalesce(rows_accepted, 0) <> coalesce(stored, 0)
        order by 1
        """,
        parameters,
    )
    return [
        f"{name}: {read} rows read, {accepted} accepted, {refused} refused, {totals} totals, {kept} in lake"
        for name, read, accepted, refused, totals, kept in rows
    ]


def unknown_states(settings: Settings, feed: str) -> dict[str, int]:
    """Rows of a feed whose state no contract knows, by `<source>: <state as exported>`, most first."""
    if not _any(settings.lake / feed, "source=*/batch=*.parquet"):
        return {}
    rows = _query(
        "select source || ': ' || coalesce(status_raw, '(empty)'), count(*) "
        "from read_parquet(?, union_by_name = true, hive_partitioning = false) "
        "where status = 'unknown' group by all order by 2 desc, 1",
        [_glob(settings.lake / feed, "source=*/batch=*.parquet")],
    )
    return dict(rows)


def rows_by_feed(settings: Settings) -> dict[str, int]:
    """Accepted rows of each feed over all batches."""
    if not _any(settings.lake / "_batches", "*.parquet"):
        return {}
    rows = _query(
        "select feed, sum(rows_accepted)::bigint from read_parquet(?, union_by_name = true) "
        "where state = 'accepted' group by all",
        [_glob(settings.lake / "_batches", "*.parquet")],
    )
    return dict(rows)


def _query(sql: str, parameters: list[str]) -> list[tuple[Any, ...]]:
    import duckdb

    with duckdb.connect() as connection:
        return connection.execute(sql, parameters).fetchall()


def _glob(folder: Path, pattern: str) -> str:
    return f"{folder}/{pattern}"


def _any(folder: Path, pattern: str) -> bool:
    return next(folder.glob(pattern), None) is not None
