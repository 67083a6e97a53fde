"""What was published, kept beyond the published file: the figures of each run, and what it counted.

DATA/history: values/<run_id>.parquet (every KPI by day and in total), steps/<run_id>.parquet (why that run
other figures in the place of those before), things.parquet (what the parts of the index counted). Why figures
differ is decided in dbt/models/intermediate/restated.
"""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING

from dagster_project.lib.runs import sync_folder
from dagster_project.settings import Settings

if TYPE_CHECKING:
    import duckdb

_VALUES = """
    select
        ? as run_id, kpi, period, period_start, channel, cast(numerator as double) as numerator,
        cast(denominator as double) as denominator, value, coverage, status
    from published.marts.rpt_experience_index
    where period in ('day', 'total')
    union all
    select
        ? as run_id, kpi, period, period_start, 'all' as channel, cast(numerator as double) as numerator,
        cast(denominator as double) as denominator, value, coverage, status
    from published.marts.rpt_kpis
    where period in ('day', 'total') and dimension = 'all' and kpi not in (
        select kpi from published.marts.rpt_experience_index)"""
_STEPS = """
    select * from published.marts.rpt_restatements
    where published_run_id = (select max(run_id) from read_parquet(?))"""
_THINGS = "select ? as run_id, * from warehouse.intermediate.int_published__things"


def folder(settings: Settings) -> Path:
    """Where the history of this data folder stands."""
    return settings.data / "history"


def keep(settings: Settings, run_id: str, published: Path) -> None:
    """Keeps what a run has published. Killed before its end, the next run compares with what was kept last,
    which is as true."""
    import duckdb

    place = folder(settings)
    for part in ("values", "steps"):
        (place / part).mkdir(parents=True, exist_ok=True)
    things = place / "things.parquet"
    with duckdb.connect() as connection:
        connection.execute(f"attach {_literal(str(published))} as published (read_only)")
        connection.execute(f"attach {_literal(str(settings.warehouse))} as warehouse (read_only)")
        _write(connection, _VALUES, [run_id, run_id], place / "values" / f"{run_id}.parquet")
        if things.exists():
            _write(connection, _STEPS, [str(things)], place / "steps" / f"{run_id}.parquet")
        _write(connection, _THINGS, [run_id], things)


def _write(connection: duckdb.DuckDBPyConnection, query: str, values: list[str], path: Path) -> None:
    temporary = path.with_name(f".{path.name}.tmp")
    connection.execute(
        f"copy ({query}) to {_literal(str(temporary))} (format parquet, compression zstd)", values
    )
    with temporary.open("rb") as written:
        os.fsync(written.fileno())
    temporary.replace(path)
    sync_folder(path.parent)


def _literal(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"
