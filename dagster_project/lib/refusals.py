"""Rows that ingestion refused, counted by source and reason. The rows themselves are listed by ingestion."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import Any

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


def listed(settings: Settings, source: str | None = None) -> list[dict[str, Any]]:
    """Refused rows as ingestion keeps them (masked), as JSON-ready dictionaries."""
    from dagster_project.lib.ingest import list_quarantine

    return list_quarantine(settings, source).to_dicts()


def lines(rows: Sequence[Mapping[str, Any]], limit: int) -> list[str]:
    """One line a refusal, at most `limit`, and how many there are in all."""
    told = [
        f"{row['source_file']}:{row['source_line'] or '-'} {row['column_name'] or ''} "
        f"{row['reason_code']}: {row['reason']} [{row['value_mask'] or ''}]"
        for row in rows[:limit]
    ]
    more = f", {len(rows) - limit} more with --limit or --json" if len(rows) > limit else ""
    return [*told, f"{len(rows)} refused{more}"]
