"""What contracts expect: late, small, large and unknown are told with owner; nothing unasked is judged."""

from __future__ import annotations

import json
from datetime import datetime, timedelta
from typing import Any

import polars as pl
import pytest

from dagster_project.lib.expectations import Judgement, judged

AS_OF = datetime(2026, 1, 31, 12)


def _entries(rows: list[dict[str, Any]]) -> pl.DataFrame:
    usual = {"source": "s", "state": "accepted", "rows_totals": 0, "unknown_states": "{}"}
    frame = pl.DataFrame([usual | row for row in rows])
    return frame.with_columns(rows_accepted=pl.col("rows_read"))


def _days(*rows: int, last: datetime = AS_OF, files: int = 1) -> pl.DataFrame:
    """One day of exports for each number, the last on `last`; each in that many files."""
    days = [(last - timedelta(days=len(rows) - 1 - n), count) for n, count in enumerate(rows)]
    made = [{"exported_at": at, "rows_read": count // files} for at, count in days for _ in range(files)]
    return _entries(made)


def _one(kind: str, entries: pl.DataFrame, **contract: object) -> Judgement:
    (found,) = judged(entries, {"s": {"owner": "运营", **contract}}, AS_OF)[kind]
    return found


def test_without_expectation_nothing_is_judged() -> None:
    nothing: dict[str, list[Judgement]] = {"fresh": [], "volume": [], "states": []}
    assert judged(_days(1, 2), {"s": {"owner": "o"}}, AS_OF) == nothing
    assert judged(_days(1, 2), {}, AS_OF) == nothing


@pytest.mark.parametrize(("hours", "holds"), [(36, True), (36.1, False)])
def test_fresh(hours: float, holds: bool) -> None:
    entries = _days(5, last=AS_OF - timedelta(hours=hours))
    found = _one("fresh", entries, freshness={"warn_after_hours": 36})
    assert found.holds is holds
    assert found.owner == "运营"
    assert "36 h at most" in found.line


@pytest.mark.parametrize(
    ("rows", "holds"),
    [
        ((100, 110, 90, 100), True),
        ((100, 110, 90, 40), False),
        ((100, 110, 90, 400), False),
        ((100, 1), True),
    ],
)
def test_volume_against_the_median_of_the_days_before(rows: tuple[int, ...], holds: bool) -> None:
    """With two days nothing is usual yet."""
    rule = {"least_share_of_usual": 0.5, "most_share_of_usual": 2}
    assert _one("volume", _days(*rows), volume=rule).holds is holds


def test_volume_by_fixed_counts() -> None:
    rule = {"min_rows_per_day": 10, "max_rows_per_day": 20}
    assert [_one("volume", _days(n), volume=rule).holds for n in (9, 10, 20, 21)] == [
        False,
        True,
        True,
        False,
    ]


def test_day_that_is_not_over_is_not_called_small() -> None:
    """Four files a day, one of today's is there: too few rows only once the day's files are."""
    before = _days(100, 100, 100, last=AS_OF - timedelta(days=1), files=4)
    rule = {"least_share_of_usual": 0.5}
    today = _entries([{"exported_at": AS_OF, "rows_read": 25}])
    assert _one("volume", pl.concat([before, today]), volume=rule).holds
    yesterday = _entries([{"exported_at": AS_OF - timedelta(days=1), "rows_read": 25}])
    earlier = _days(100, 100, 100, last=AS_OF - timedelta(days=2), files=4)
    assert not _one("volume", pl.concat([earlier, yesterday]), volume=rule).holds


def test_unknown_states_of_the_newest_day() -> None:
    old = {"exported_at": AS_OF - timedelta(days=1), "rows_read": 10, "unknown_states": json.dumps({"x": 9})}
    new = {"exported_at": AS_OF, "rows_read": 100, "unknown_states": json.dumps({"x": 2, "y": 1})}
    assert not _one("states", _entries([old, new]), unknown_share=0.02).holds
    assert _one("states", _entries([old, new]), unknown_share=0.03).holds
    assert _one("states", _entries([{**old, "rows_read": 0, "unknown_states": "{}"}]), unknown_share=0).holds


def test_later_exports_and_refused_files_do_not_count() -> None:
    rows = [
        {"exported_at": AS_OF - timedelta(hours=50), "rows_read": 1},
        {"exported_at": AS_OF + timedelta(hours=1), "rows_read": 1},
        {"exported_at": AS_OF, "rows_read": 1, "state": "refused"},
    ]
    assert not _one("fresh", _entries(rows), freshness={"warn_after_hours": 36}).holds
