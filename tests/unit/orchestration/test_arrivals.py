"""A file is taken by an unwatched run only when it has arrived whole; a marker is no data file."""

from __future__ import annotations

import os
import time
from dataclasses import replace
from pathlib import Path

import pytest

from dagster_project import settings as settings_module
from dagster_project.lib import arrivals
from dagster_project.lib.errors import LuyueError
from dagster_project.settings import Settings

NAME = "douyin_orders/1700000000_a.csv"


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    made = settings_module.load(data=tmp_path, env={})
    _put(made, NAME)
    return replace(made, settled_only=True)


def _put(settings: Settings, name: str, age: float = 0) -> Path:
    path = settings.landing / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(f"{name} {age}")
    os.utime(path, (time.time() - age, time.time() - age))
    return path


def test_young_file_is_held_and_a_run_by_hand_takes_it(settings: Settings) -> None:
    held = arrivals.waiting(settings)
    assert held.files == ()
    assert "may still be on its way" in held.held[NAME]
    assert arrivals.waiting(settings, now=time.time() + 31).files == (NAME,)
    assert arrivals.waiting(replace(settings, settled_only=False)).files == (NAME,)
    assert arrivals.waiting(replace(settings, settled_seconds=0)).files == (NAME,)


def test_copied_file_with_an_old_time_is_held_as_well(settings: Settings) -> None:
    """`cp -p` gives the old modification time at the end or at once; the file was still written just now."""
    _put(settings, NAME, age=9000)
    assert arrivals.waiting(settings).files == ()


def test_file_from_the_future_settles(settings: Settings) -> None:
    _put(settings, NAME, age=-9000)
    assert arrivals.waiting(settings, now=time.time() + 31).files == (NAME,)


@pytest.mark.parametrize("marker", [f"{NAME}.done", "douyin_orders/_SUCCESS", "douyin_orders/.done"])
def test_marker_settles_at_once_and_is_no_data_file(settings: Settings, marker: str) -> None:
    _put(settings, marker, age=-1)
    found = arrivals.waiting(settings)
    assert found.files == (NAME,)
    assert found.held == {}
    assert arrivals.waiting(replace(settings, settled_only=False)).files == (NAME,)


def test_marker_of_an_earlier_file_says_nothing(settings: Settings) -> None:
    _put(settings, f"{NAME}.done", age=60)
    assert arrivals.waiting(settings).files == ()


def test_one_growing_file_does_not_hold_the_others(settings: Settings) -> None:
    _put(settings, "douyin_orders/1700000001_b.csv")
    _put(settings, f"{NAME}.done", age=-1)
    found = arrivals.waiting(settings)
    assert found.files == (NAME,)
    assert list(found.held) == ["douyin_orders/1700000001_b.csv"]


@pytest.mark.parametrize("required", ["all", "jd_orders, douyin_orders"])
def test_required_marker_is_waited_for_by_every_run(tmp_path: Path, required: str) -> None:
    by_hand = settings_module.load(data=tmp_path, env={"LUYUE_MARKER_REQUIRED": required})
    _put(by_hand, NAME, age=9000)
    _put(by_hand, "taobao_orders/a.csv", age=9000)
    found = arrivals.waiting(by_hand, now=time.time() + 9000)
    assert NAME not in found.files
    assert found.held[NAME].endswith("a.csv.done")
    assert ("taobao_orders/a.csv" in found.files) is (required != "all")
    _put(by_hand, f"{NAME}.done")
    assert NAME in arrivals.waiting(by_hand).files


@pytest.mark.parametrize(
    ("name", "text"),
    [("ARCHIVE", "soon"), ("ARCHIVE", "-1"), ("ARCHIVE_REFUSED", "no"), ("SETTLED_SECONDS", "1m")],
)
def test_setting_that_means_nothing_is_named(tmp_path: Path, name: str, text: str) -> None:
    with pytest.raises(LuyueError, match=f"LUYUE_{name}: {text} "):
        settings_module.load(data=tmp_path, env={f"LUYUE_{name}": text})
