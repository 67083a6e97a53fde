"""Lags of pushed events over re-exports, against a computation of its own.

An event is one observation however many files show it; the newest export says when it was received.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import numpy as np
import polars as pl
import pytest
from support.dbt_build import dbt_build, read_table
from support.small_lake import write_lake

AS_OF = datetime(2026, 3, 5, 12)
FIRST = datetime(2026, 2, 20)
EVENTS = 240
SEED = 11


def _pushes() -> list[dict[str, Any]]:
    """Rows of three exports: each event in the first, some again with another time of receiving, or none."""
    rng = np.random.default_rng(SEED)
    rows = []
    for n in range(EVENTS):
        occurred = FIRST + timedelta(seconds=int(rng.integers(0, 15 * 86_400)))
        received = occurred + timedelta(seconds=int(rng.choice([-5, 3, 90, 91, 40_000])))
        event = {
            "event_id": f"E{n}",
            "channel": str(rng.choice(["jd", "app"])),
            "channel_order_id": f"O{n}",
            "event_code": str(rng.choice(["order_shipped", "word_that_nobody_knows"])),
            "occurred_at": occurred,
        }
        for day, chance in ((8, 1.0), (9, 0.4), (10, 0.2)):
            if rng.random() < chance:
                later = received + timedelta(seconds=int(day * rng.integers(0, 2)))
                shown = None if rng.random() < 0.1 else later
                rows.append(event | {"received_at": shown, "exported_at": datetime(2026, 3, 1, day - 7)})
    return sorted(rows, key=lambda row: row["exported_at"])


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> tuple[list[dict[str, Any]], pl.DataFrame]:
    folder = tmp_path_factory.mktemp("lags")
    rows = _pushes()
    warehouse = dbt_build(folder, write_lake(folder, {"order_events": rows}), AS_OF, "+rpt_sync_lag")
    return rows, read_table(warehouse, "marts.rpt_sync_lag")


def _newest(rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """One row an event, as the last export has it, of what had happened at the cut-off."""
    by_id = {row["event_id"]: row for row in rows}
    return [row for row in by_id.values() if row["occurred_at"] <= AS_OF]


def _lag(row: dict[str, Any]) -> float | None:
    received = row["received_at"]
    return None if received is None or received > AS_OF else (received - row["occurred_at"]).total_seconds()


@pytest.mark.parametrize("channel", ["all", "jd", "app"])
@pytest.mark.parametrize("code", ["all", "order_shipped", "word_that_nobody_knows"])
def test_an_event_is_one_observation_by_its_newest_export(
    built: tuple[list[dict[str, Any]], pl.DataFrame], channel: str, code: str
) -> None:
    """Counts, coverage, percentiles and the share over 90 s, of the whole time and of each day."""
    rows, found = built
    mine = [
        row
        for row in _newest(rows)
        if channel in ("all", row["channel"]) and code in ("all", row["event_code"])
    ]
    days = {row["occurred_at"].date() for row in mine}
    scope = found.filter((pl.col("channel") == channel) & (pl.col("event_code") == code))
    assert set(scope.filter(pl.col("period") == "day")["period_start"]) == days
    for period, start in [("total", None), *(("day", day) for day in sorted(days))]:
        (got,) = [
            row
            for row in scope.iter_rows(named=True)
            if row["period"] == period and start in (None, row["period_start"])
        ]
        asked = [row for row in mine if start in (None, row["occurred_at"].date())]
        lags = [lag for row in asked if (lag := _lag(row)) is not None]
        assert (got["events"], got["denominator"]) == (len(asked), len(lags))
        assert got["over_90s"] == sum(lag > 90 for lag in lags)
        assert got["coverage"] == pytest.approx(len(lags) / len(asked))
        if lags:
            wanted = np.percentile(lags, [50, 95, 99])
            assert [got["p50_seconds"], got["p95_seconds"], got["p99_seconds"]] == pytest.approx(wanted)
