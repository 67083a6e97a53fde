"""What a run tells of how much its transformation did."""

from __future__ import annotations

from pathlib import Path

import duckdb
import pytest

from dagster_project import settings as settings_module
from dagster_project.lib import dbt_project, increments


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


def test_what_lasts_is_left_out_only_where_that_of_this_very_code_stands(tmp_path: Path) -> None:
    """A seed that another version wrote, or one whose test failed (then nothing is noted), must be built."""
    settings = settings_module.load(data=tmp_path, env={})
    assert not increments.lasting_stands(settings)
    with duckdb.connect(str(settings.warehouse)) as connection:
        connection.execute("create schema increments")
    assert not increments.lasting_stands(settings)
    for code, stands in (("another", False), (dbt_project.rules_fingerprint(settings), True)):
        with duckdb.connect(str(settings.warehouse)) as connection:
            connection.execute("create or replace table increments.lasting as select ? as code", [code])
        assert increments.lasting_stands(settings) is stands


def test_what_is_left_out_is_one_argument() -> None:
    """dagster-dbt takes the word after `--exclude` and puts it apart; a second word would be lost."""
    arguments = dbt_project.build_arguments(full_refresh=False, lasting_stands=True)
    assert arguments[arguments.index("--exclude") + 1 :] == ["resource_type:seed tag:lasting"]
    assert "--exclude" not in dbt_project.build_arguments(full_refresh=True, lasting_stands=True)
    assert "--exclude" not in dbt_project.build_arguments(full_refresh=False)
