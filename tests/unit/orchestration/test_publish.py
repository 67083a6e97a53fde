"""Publishing: a new file each time, CURRENT swapped, three kept; a failure leaves the last good one."""

from __future__ import annotations

import stat
from pathlib import Path

import duckdb
import pytest

from dagster_project import settings as settings_module
from dagster_project.lib import publish
from dagster_project.lib.errors import LuyueError
from dagster_project.settings import Settings


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return settings_module.load(data=tmp_path / "data dir", env={})


def _build_warehouse(settings: Settings, value: int) -> None:
    settings.data.mkdir(parents=True, exist_ok=True)
    settings.warehouse.unlink(missing_ok=True)
    with duckdb.connect(str(settings.warehouse)) as connection:
        connection.execute("create schema marts; create schema staging; create table staging.secret (a int)")
        connection.execute(f"create table marts.fct_days as select {value} as n, [1, 2] as codes")
        connection.execute("comment on column marts.fct_days.n is 'it''s a number 数'")
        connection.execute("create view marts.dim_days as select date '2026-01-01' as day")


def _read(path: Path) -> list[tuple]:
    with duckdb.connect(str(path), read_only=True) as connection:
        return connection.execute("select n, codes from marts.fct_days").fetchall()


def test_marts_alone_are_published(settings: Settings) -> None:
    _build_warehouse(settings, 7)
    path = publish.publish(settings, "20260101T000000-aaaaaa")
    assert publish.current(settings) == path
    assert (settings.serving / "CURRENT").read_text() == f"{path.name}\n"
    assert _read(path) == [(7, [1, 2])]
    with duckdb.connect(str(path), read_only=True) as connection:
        tables = connection.execute("select schema_name, table_name from duckdb_tables()").fetchall()
        comments = connection.execute("select comment from duckdb_columns() where column_name = 'n'")
        assert comments.fetchall() == [("it's a number 数",)]
    assert sorted(tables) == [("marts", "dim_days"), ("marts", "fct_days")]
    assert stat.S_IMODE(path.stat().st_mode) == 0o640


def test_rows_of_all_tables_are_counted(settings: Settings) -> None:
    """What a run tells of its publishing: one row of orders and one of a view."""
    _build_warehouse(settings, 7)
    assert publish.rows_in(publish.publish(settings, "20260101T000000-aaaaaa")) == 2


def test_three_versions_are_kept_and_rollback_goes_one_back(settings: Settings) -> None:
    for value in range(5):
        _build_warehouse(settings, value)
        publish.publish(settings, f"2026010{value + 1}T000000-aaaaaa")
    assert [_read(settings.serving / name) for name in publish.versions(settings)] == [
        [(2, [1, 2])],
        [(3, [1, 2])],
        [(4, [1, 2])],
    ]
    assert _read(publish.rollback(settings)) == [(3, [1, 2])]
    assert _read(publish.rollback(settings)) == [(2, [1, 2])]
    with pytest.raises(LuyueError, match="no version before serve_20260103T000000-aaaaaa"):
        publish.rollback(settings)
    newest = publish.rollback(settings, to="20260105T000000-aaaaaa")
    assert publish.current(settings) == newest
    with pytest.raises(LuyueError, match="no version 2030; kept are serve_20260103"):
        publish.rollback(settings, to="2030")


def test_reader_of_the_old_file_is_not_disturbed(settings: Settings) -> None:
    _build_warehouse(settings, 1)
    old = publish.publish(settings, "20260101T000000-aaaaaa")
    with duckdb.connect(str(old), read_only=True) as reader:
        _build_warehouse(settings, 2)
        new = publish.publish(settings, "20260102T000000-aaaaaa")
        assert reader.execute("select n from marts.fct_days").fetchall() == [(1,)]
    assert _read(new) == [(2, [1, 2])]


@pytest.mark.parametrize("then", ["", "create schema marts"])
def test_without_marts_the_last_good_version_stays(settings: Settings, then: str) -> None:
    _build_warehouse(settings, 1)
    good = publish.publish(settings, "20260101T000000-aaaaaa")
    with duckdb.connect(str(settings.warehouse)) as connection:
        connection.execute(f"drop schema marts cascade; {then}")
    with pytest.raises(LuyueError, match="--full-refresh"):
        publish.publish(settings, "20260102T000000-aaaaaa")
    assert publish.current(settings) == good


def test_leftover_of_a_killed_run_is_removed(settings: Settings) -> None:
    _build_warehouse(settings, 1)
    settings.serving.mkdir()
    leftover = settings.serving / ".serve_20260101T000000-bbbbbb.duckdb.tmp"
    leftover.write_bytes(b"half a file")
    publish.publish(settings, "20260102T000000-aaaaaa")
    assert sorted(path.name for path in settings.serving.iterdir()) == [
        "CURRENT",
        "serve_20260102T000000-aaaaaa.duckdb",
    ]


def test_pointer_to_nothing_is_no_published_file(settings: Settings) -> None:
    settings.serving.mkdir(parents=True)
    assert publish.current(settings) is None
    (settings.serving / "CURRENT").write_text("serve_gone.duckdb\n")
    assert publish.current(settings) is None
