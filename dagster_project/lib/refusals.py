"""Rows that ingestion refused in a run, counted by source and reason. Rows are listed by `quarantine`."""

from __future__ import annotations

from collections.abc import Collection

from dagster_project.settings import Settings


def rows_by_reason(settings: Settings, batch_ids: Collection[str]) -> dict[str, int]:
    """Refused rows of the given batches by `<source>: <reason>`, most first."""
    files = [str(settings.lake / "_quarantine" / f"{batch_id}.parquet") for batch_id in sorted(batch_ids)]
    files = [name for name in files if (settings.lake / "_quarantine" / name).exists()]
    if not files:
        return {}
    import duckdb

    with duckdb.connect() as connection:
        rows = connection.execute(
            """
            select source || ': ' || reason, count(distinct (batch_id, source_line))
            from read_parquet(?, union_by_name = true)
            where source_line is not null
            group by all order by 2 desc, 1
            """,
            [files],
        ).fetchall()
    return dict(rows)
