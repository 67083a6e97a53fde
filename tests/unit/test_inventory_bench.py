"""What the inventory bench says of its figures: bars, and the chart. Nothing is measured."""

from __future__ import annotations

from typing import Any
from xml.etree import ElementTree

import pytest

from benchmarks import inventory, inventory_chart


def figures(ours: float = 1.0, plain: float = 0.5, anew: float = 30.0, short: float = 0.8) -> dict[str, Any]:
    """Two ledgers and a file, as `run` gathers them."""

    def ledger(luyue: float, full: float) -> dict[str, Any]:
        told = {"luyue": luyue, "plain": plain, "full refresh": full}
        peers: dict[str, Any] = {name: {"seconds": value, "peak_mb": 1} for name, value in told.items()}
        return peers | {"rows_that_differ": 0, "keys_wrong_of_usual": 7, "file_mb": 1}

    made = {"machine": "m", "ledgers": {10: ledger(short, 3.0), 100: ledger(ours, anew)}}
    return made | {"growth": {"days": 200, "times_fresh": 1.5}}


@pytest.mark.parametrize(
    ("changed", "missed"),
    [
        ({}, []),
        ({"anew": 19.9}, ["times as fast as the full refresh"]),
        ({"short": 0.6}, ["times its cost on a tenth of the ledger"]),
        ({"plain": 0.39}, ["times the plain SQL"]),
    ],
)
def test_a_bar_is_met_up_to_its_value(changed: dict[str, float], missed: list[str]) -> None:
    bars = inventory._bars(figures(**changed))
    assert [name for name, bar in bars.items() if not bar["is_met"]] == missed


def test_the_chart_has_a_line_for_each_way_that_was_measured() -> None:
    drawn = ElementTree.fromstring(inventory_chart.svg(figures()))
    assert len(drawn.findall("{http://www.w3.org/2000/svg}polyline")) == 3
