"""What a run tells of how much its transformation did."""

from __future__ import annotations

from pathlib import Path

import duckdb
import pytest

from dagster_project.lib import increments


@pytest.mark.parametrize(
    ("is_increment", "settled_as_of", "line", "is_settled"),
    [
        (True, "2026-01-02", "what changed: 2 new files, 1 orders touched", True),
        (False, "2026-01-01", "everything anew: no build before", False),
    ],
)
def test_what_was_built_and_why(
    tmp_path: Path, is_increment: bool, settled_as_of: str, line: str, is_settled: bool
) -> None:
    """Who waits for a run must be able to read why it took that long."""
    with duckdb.connect(str(tmp_path / "warehouse.duckdb")) as connection:
        connection.execute("create schema increments; create schema intermediate")
        connection.execute(
            "create table increments.this_run as select timestamp '2026-01-02' as as_of, "
            f"{is_increment} as is_increment, 'no build before' as why_whole"
        )
        connection.execute(f"create table increments.settled as select timestamp '{settled_as_of}' as as_of")
        connection.execute("create table increments.news as select unnest(['a', 'b']) as batch_id")
        connection.execute("create table intermediate.int_orders__touched as select 'own' as channel")
    done = increments.done(tmp_path / "warehouse.duckdb")
    assert increments.line(done) == line
    assert done["is_settled"] is is_settled


def test_a_run_that_built_nothing_says_so() -> None:
    """A run that was refused at the door has no build to tell of."""
    assert increments.line({}) == "nothing"
