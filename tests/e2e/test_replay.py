"""The same files in one run, and piece by piece as the days bring them: the same marts, row for row.

Customer ids are compared by the least record of their group; tables and columns about the run itself are left
out (`support.marts` names them). Both folders have one key, so that a value has the same token in both.
"""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from support import landing, marts
from support.command import luyue, run


def _replay(data: Path, into: Path, steps: int | None) -> None:
    shutil.copytree(data / "keys", into / "keys")
    days = landing.files_by_day(data)
    for names in landing.in_steps(days, steps or len(days)):
        landing.hand_over(names, data / "landing", into / "landing")
        run(into)


def _assert_same(left: Path, right: Path) -> None:
    of_left = marts.comparable(marts.read(marts.published_file(left)))
    of_right = marts.comparable(marts.read(marts.published_file(right)))
    assert of_left.keys() >= {"fct_orders", "rpt_experience_index", "bridge_customer_records"}
    assert all(not of_left[name].is_empty() for name in ("fct_orders", "rpt_experience_index"))
    assert marts.differences(of_left, of_right) == []


@pytest.fixture
def small_merchant(tmp_path: Path) -> Path:
    """A data folder after one run over the exports of twelve days of a small merchant."""
    made = luyue("demo", "--out", tmp_path / "whole", "--orders", "500", "--days", "12", cwd=tmp_path)
    assert made.code == 0, made.text[-4000:]
    run(tmp_path / "whole")
    return tmp_path / "whole"


@pytest.mark.long
def test_three_partial_runs_equal_one(small_merchant: Path, tmp_path: Path) -> None:
    """A merchant who runs daily and one who runs once a month must read the same figures."""
    _replay(small_merchant, tmp_path / "parts", steps=3)
    _assert_same(small_merchant, tmp_path / "parts")


@pytest.mark.long
@pytest.mark.timeout(1800)
def test_day_by_day_equals_one_run(small_merchant: Path, tmp_path: Path) -> None:
    """The whole claim: each day's files in a run of its own, then everything once more from the lake."""
    _replay(small_merchant, tmp_path / "parts", steps=None)
    _assert_same(small_merchant, tmp_path / "parts")
    run(tmp_path / "parts", "--full-refresh")
    _assert_same(small_merchant, tmp_path / "parts")
