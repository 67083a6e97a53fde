"""`luyue inventory`: a sound ledger is proved, damage is found and mended, past books and causes are told."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from pathlib import Path

import duckdb
import pytest
from support.dbt_build import dbt_build
from support.small_lake import write_lake
from support.stock_cases import AS_OF, JST, ROWS, day
from typer.testing import CliRunner

from dagster_project import settings as settings_module
from dagster_project.cli.base import app
from dagster_project.lib import inventory, lock
from dagster_project.lib.errors import LuyueError
from dagster_project.lib.inventory.warehouse import BALANCES, BOOKED, LEDGER
from dagster_project.settings import Settings


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("asked")
    lake = write_lake(folder, ROWS, grains={JST: "document", "luyue_orders": "line"})
    return dbt_build(folder, lake, AS_OF, "+fct_inventory_reconciliation +fct_variance_evidence")


@pytest.fixture
def data(built: Path, tmp_path: Path) -> Settings:
    shutil.copy(built, tmp_path / "warehouse.duckdb")
    return settings_module.load(data=tmp_path)


def _damage(settings: Settings, sql: str) -> None:
    with duckdb.connect(str(settings.warehouse)) as connection:
        connection.execute(sql)


@pytest.mark.parametrize("full", [False, True])
def test_a_sound_ledger_is_proved(data: Settings, full: bool) -> None:
    proof = inventory.prove(data, full=full)
    assert proof.holds
    assert proof.keys > 15
    assert proof.counts > 15


@pytest.mark.parametrize(
    "damage",
    [
        f"update {BALANCES} set book_qty = book_qty + 1 where sku_code = 'ok'",
        f"update {BALANCES} set line_count = 7 where sku_code = 'ok'",
        f"delete from {BALANCES} where sku_code = 'ok'",
        f"update {BOOKED} set book_qty = 0 where sku_code = 'ok'",
        f"update {BOOKED} set late_qty = 1 where sku_code = 'ok'",
    ],
)
def test_a_damaged_key_is_found_and_put_right(data: Settings, damage: str) -> None:
    _damage(data, damage)
    found = inventory.prove(data, full=True)
    assert found.damaged_keys == [("W1", "ok")]
    assert not found.holds
    assert inventory.prove(data, repair=True).holds
    again = inventory.prove(data, full=True)
    assert again.holds
    assert again.damaged_keys == []


@pytest.mark.parametrize(
    "damage",
    [
        f"update {LEDGER} set quantity = quantity + 1 where sku_code = 'ok'",
        f"delete from {LEDGER} where sku_code = 'ok'",
        f"insert into {LEDGER} from {LEDGER} where sku_code = 'ok'",
    ],
)
def test_a_damaged_ledger_is_not_what_its_run_noted(data: Settings, damage: str) -> None:
    _damage(data, damage)
    found = inventory.prove(data, full=True)
    assert found.damaged_runs == [1]
    assert not inventory.prove(data, full=True, repair=True).holds


@pytest.mark.parametrize(
    ("hour", "on_hand"),
    [(11, 100), (12, 95), (13, 95)],
)
def test_a_past_book_includes_its_own_second(data: Settings, hour: int, on_hand: int) -> None:
    """`late_sys` had 100, and 5 were issued on the 5th at noon, whenever that became known."""
    told = inventory.book(data, "W1", "late_sys", day(5, hour))
    assert (told.book_qty, told.book_now_qty) == (on_hand, 95)


def test_a_count_is_told_with_what_lies_behind_it(data: Settings) -> None:
    (told,) = inventory.explained(data, "W1", "dup")
    assert told.count["cause"] == "duplicate_movement"
    assert [piece["evidence_id"] for piece in told.evidence] == ["B"]
    assert [move["movement_id"] for move in told.movements] == ["dup-opening-0112", "A", "B"]


@pytest.mark.parametrize(
    "ask",
    [
        lambda data: inventory.book(data, "W1", "nothing", day(5)),
        lambda data: inventory.explained(data, "W1", "ok", day(30)),
    ],
    ids=["key", "count"],
)
def test_what_is_not_there_is_said_so(data: Settings, ask: Callable[[Settings], object]) -> None:
    with pytest.raises(LuyueError, match="check"):
        ask(data)


def test_nothing_is_asked_while_a_run_writes(data: Settings, tmp_path: Path) -> None:
    """The lock is another process's: here another path to the same file stands for it."""
    other = tmp_path / "link"
    other.symlink_to(data.lock_file)
    with lock.hold(other), pytest.raises(lock.LockBusyError, match="in use"):
        inventory.prove(data)


def test_the_commands_say_it(data: Settings) -> None:
    shell = CliRunner()
    folder = ["--data", str(data.data)]
    assert "holds         yes" in shell.invoke(app, ["inventory", "prove", "--full", *folder]).output
    key = ["--sku", "late_sys", "--warehouse", "W1"]
    at = ["--at", "2026-01-05 11:59:59", "--json"]
    told = shell.invoke(app, ["inventory", "book", *key, *at, *folder])
    assert json.loads(told.output)["book_qty"] == "100.000"
    assert "because of" in shell.invoke(app, ["inventory", "explain", *key, *folder]).output
    _damage(data, f"update {BALANCES} set book_qty = 1 where sku_code = 'ok'")
    broken = shell.invoke(app, ["inventory", "prove", "--full", *folder])
    assert broken.exit_code == 1
    assert "damaged       W1 ok" in broken.output
