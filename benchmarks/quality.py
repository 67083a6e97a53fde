"""The suites over master data, and what findings cost the KPIs, in seconds: `luyue bench quality`.

The suites run in this process, Great Expectations imported beforehand and timed apart; the costs are
recomputed by the project's own dbt models over a made warehouse (quality_orders).
"""

from __future__ import annotations

import os
import platform
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from benchmarks import quality_masters, quality_orders

SKUS, LINES = 50_000, 1_000_000
MOST_SUITE_SECONDS, MOST_IMPACT_SECONDS = 5.0, 20.0
Say = Callable[[str], None]


def run(scale: float = 1.0, say: Say = lambda text: None) -> dict[str, Any]:
    """All figures and whether each bar is met; `scale` is the share of SKUs and order lines."""
    skus, lines = max(int(SKUS * scale), 100), max(int(LINES * scale), 1_000)
    figures: dict[str, Any] = {"machine": _machine(), "skus": skus, "lines": lines}
    figures["import_seconds"] = _imported()
    say(f"import {figures['import_seconds']} s; the suites over {skus:,} SKUs")
    figures["suites"] = _suites(skus)
    say(f"the costs of findings over {lines:,} order lines")
    with tempfile.TemporaryDirectory(prefix="luyue-bench-") as folder:
        figures["impact"] = quality_orders.measured(Path(folder), lines)
    figures["bars"] = {
        f"the suite of {SKUS:,} SKUs within {MOST_SUITE_SECONDS:.0f} s": (
            figures["suites"]["sku"]["seconds"] <= MOST_SUITE_SECONDS
        ),
        f"the costs of all findings at {LINES:,} order lines within {MOST_IMPACT_SECONDS:.0f} s": (
            figures["impact"]["seconds"] <= MOST_IMPACT_SECONDS
        ),
    }
    return figures | {"all_met": all(figures["bars"].values())}


def lines(figures: dict[str, Any]) -> list[str]:
    """The figures to read, one fact a line."""
    told = [
        figures["machine"],
        f"import of Great Expectations: {figures['import_seconds']} s, once a process",
    ]
    for entity, of in figures["suites"].items():
        told.append(
            f"{entity:<10} {of['rows']:>9,} rows: {of['seconds']} s, {of['cpu_seconds']} s of a core, "
            f"{of['findings']:,} findings"
        )
    impact = figures["impact"]
    told.append(
        f"costs      {figures['lines']:>9,} lines: {impact['seconds']} s, {impact['findings']:,} findings, "
        f"{impact['touched']:,} orders touched"
    )
    return [*told, *(f"{'met' if is_met else 'MISSED':<7} {bar}" for bar, is_met in figures["bars"].items())]


def _imported() -> float:
    started = time.monotonic()
    os.environ["GX_ANALYTICS_ENABLED"] = "False"
    import great_expectations  # noqa: F401

    return round(time.monotonic() - started, 2)


def _suites(rows: int) -> dict[str, Any]:
    from dagster_project.lib.quality.rules import suites
    from dagster_project.lib.quality.suites import check

    skus = quality_masters.skus(rows)
    masters = {"skus": skus, "sku_aliases": quality_masters.aliases(skus)}
    told = {}
    for entity, suite in suites().items():
        if suite.feed not in masters:
            continue
        started, cpu = time.monotonic(), time.process_time()
        found = check(suite, masters[suite.feed], masters).found
        told[entity] = {
            "rows": masters[suite.feed].height,
            "seconds": round(time.monotonic() - started, 2),
            "cpu_seconds": round(time.process_time() - cpu, 2),
            "findings": found.height,
        }
    return told


def _machine() -> str:
    return f"{platform.machine()}, {os.cpu_count()} cores, Python {platform.python_version()}"
