"""What dbt's last build did, for a run's facts and lines; dbt/macros/increments.sql decides what is new.

Read from the tables that the build leaves in the warehouse. Nothing here writes.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from dagster_project.lib.dbt_project import rules_fingerprint
from dagster_project.settings import Settings


def done(warehouse: Path) -> dict[str, Any]:
    """Facts of the last build: `is_increment`; `why_whole` where it was none; new files; touched orders.

    The warehouse must have no writer. `is_settled` is false where an incremental model is missing: then the
    next build has the same news again.
    """
    import duckdb

    with duckdb.connect(str(warehouse), read_only=True) as connection:
        cursor = connection.execute("""
            select
                is_increment,
                why_whole,
                (select count(*) from increments.news) as new_files,
                (select count(*) from intermediate.int_orders__touched) as touched_orders,
                exists (from increments.settled where settled.as_of = this_run.as_of) as is_settled
            from increments.this_run
        """)
        names = [column[0] for column in cursor.description or ()]
        return dict(zip(names, cursor.fetchall()[0], strict=True))


def lasting_stands(settings: Settings) -> bool:
    """Whether seeds and lasting views stand as this very code and the added rows make them, tests passed."""
    import duckdb

    if not settings.warehouse.exists():
        return False
    try:
        with duckdb.connect(str(settings.warehouse), read_only=True) as connection:
            found = connection.execute("select code from increments.lasting").fetchall()
    except duckdb.Error:
        return False
    return found == [(rules_fingerprint(settings),)]


def line(built: Mapping[str, Any]) -> str:
    """One line to read; empty facts are those of a run that built nothing."""
    if not built:
        return "nothing"
    if not built["is_increment"]:
        return f"everything anew: {built['why_whole']}"
    return f"what changed: {built['new_files']:,} new files, {built['touched_orders']:,} orders touched"
