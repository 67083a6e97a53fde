"""Rule: the bench of linking runs every case in a process of its own and judges each bar by its figure.

Does not prove the figures: they are taken on a quiet machine (docs/benchmarks/identity.md).
"""

from __future__ import annotations

import sys

import pytest

from benchmarks import identity as bench


def _figures(**full: float) -> dict[str, dict]:
    done = {
        "seconds": 20.0, "cpu_seconds": 30.0, "peak_mb": 1_000, "pairwise_precision": 0.98,
        "pairwise_recall": 0.5, "ceiling": 0.75, "recall_of_ceiling": 0.66,
    }  # fmt: skip
    new = {"seconds": 1.4, "cpu_seconds": 2.0, "peak_mb": 900, "otherwise": 0}
    return {
        "machine": "a machine",
        "start": {"seconds": 0.9, "cpu_seconds": 1.2, "peak_mb": 300},
        "times": 14.3,
        "full": {100: done | full},
        "splink": {100: {"not_measured": "given up after 1200 s"}},
        "new": {1: new},
        "kept": {**new, "ece": 0.03},
    }


def test_all_bars_are_met_by_figures_within_them() -> None:
    assert all(bench._bars(_figures(), 100, 1).values())


@pytest.mark.parametrize(
    "worse",
    [{"seconds": 31.0}, {"peak_mb": 1_501}, {"pairwise_precision": 0.969}, {"recall_of_ceiling": 0.59}],
)
def test_a_figure_beyond_its_bar_misses_that_bar_alone(worse: dict[str, float]) -> None:
    assert sum(not met for met in bench._bars(_figures(**worse), 100, 1).values()) == 1


def test_new_records_must_be_five_times_as_fast() -> None:
    told = bench._bars(_figures(seconds=6.9), 100, 1)
    assert [name for name, met in told.items() if not met] == ["new at least 5 × as fast as full"]


def test_every_figure_is_told_in_a_line() -> None:
    figures = _figures()
    told = bench.lines({**figures, "bars": bench._bars(figures, 100, 1)})
    assert len(told) == 7 + 9
    assert any("given up" in line for line in told)


def test_a_process_is_timed_and_its_failure_told() -> None:
    told = bench._timed([sys.executable, "-c", "print('done')"])
    assert told["seconds"] > 0
    assert told["peak_mb"] > 0
    with pytest.raises(RuntimeError, match="ended with code 3: no more"):
        bench._timed([sys.executable, "-c", "print('no more'); raise SystemExit(3)"])
    slow = [sys.executable, "-c", "import time; time.sleep(60)"]
    assert "given up" in bench._timed(slow, most_seconds=0.2)["not_measured"]


@pytest.mark.long
def test_the_whole_bench_runs_over_few_records(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bench, "FULL", (600, 1_000))
    monkeypatch.setattr(bench, "NEW", (10, 100))
    monkeypatch.setattr(bench, "REPEATS", {"start": 1, "full": 1, "new": 1})
    figures = bench.run()
    assert figures["full"][1_000]["pairwise_precision"] > 0.9
    assert figures["splink"][600].keys() & {"seconds", "not_measured"}
    assert figures["kept"]["links"] > 0
    assert figures["new"][100]["otherwise"] == 0
    assert len(bench.lines(figures)) > len(figures["bars"])
