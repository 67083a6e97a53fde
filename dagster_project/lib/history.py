"""What was published, kept beyond the published file: the figures of each run, and what it counted.

DATA/history: values/<run_id>.parquet (figures by day and in total, for all channels and each, that this run
published otherwise than the one before), values.parquet (all that stand), steps/<run_id>.parquet (why that
run put other figures in the place of those before), things.parquet (what was counted). Why figures differ is
decided in dbt/models/intermediate/restated.
"""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING

from dagster_project.lib.runs import sync_folder
from dagster_project.settings import Settings

if TYPE_CHECKING:
    import duckdb

_KEY = "kpi, period, period_start, channel"
_FIGURE = "numerator, denominator, value, coverage, status"
GONE = "gone"
"""Status of a figure that the run before published and this one does not."""
_VALUES = f"""
    select
        {_KEY}, cast(numerator as double) as numerator, cast(denominator as double) as denominator, value,
        coverage, status
    from published.marts.rpt_experience_index
    where period in ('day', 'total')
    union all
    select
        kpi, period, period_start, case dimension when 'all' then 'all' else member end as channel,
        cast(numerator as double), cast(denominator as double), value, coverage, status
    from published.marts.rpt_kpis
    where period in ('day', 'total') and dimension in ('all', 'channel') and kpi not in (
        select kpi from published.marts.rpt_experience_index)"""
_CHANGED = f"""
    select ? as run_id, {_KEY}, {_FIGURE}, false as is_whole
    from (select {_KEY}, {_FIGURE} from present except select {_KEY}, {_FIGURE} from before)
    union all
    select ? as run_id, {_KEY}, null, null, null, null, '{GONE}', false
    from before anti join present using ({_KEY})"""
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
    things, last = place / "things.parquet", place / "values.parquet"
    with duckdb.connect() as connection:
        connection.execute(f"attach {_literal(str(published))} as published (read_only)")
        connection.execute(f"attach {_literal(str(settings.warehouse))} as warehouse (read_only)")
        connection.execute(f"create temp table present as {_VALUES}")
        values = place / "values" / f"{run_id}.parquet"
        if last.exists():
            connection.execute(f"create temp view before as from read_parquet({_literal(str(last))})")
            _write(connection, _CHANGED, [run_id, run_id], values)
        else:
            _write(connection, "select ? as run_id, *, true as is_whole from present", [run_id], values)
        _write(connection, "from present", [], last)
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
