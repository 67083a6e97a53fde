"""What a trial of a rule costs: `luyue bench rules`.

A synthetic lake of a million orders (`transform_lake`), built once by dbt as a run does; then the hours
of an anomaly change on the last thirty days, so that every order of them counts otherwise, and weights of
the index. The bar is on the whole command's work: checking, scratch warehouse, dbt, comparing.
"""

from __future__ import annotations

import os
import platform
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from benchmarks.transform import _built
from benchmarks.transform_lake import LINES_A_DAY, SyntheticLake
from dagster_project import settings as settings_module
from dagster_project.lib import due
from dagster_project.settings import Settings

Say = Callable[[str], None]
ORDERS = 1_000_000
LINES_AN_ORDER = 1.5
TRIED_DAYS = 30
MOST_SECONDS = 60
_ALWAYS = "2000-01-01,9999-12-31"
_WEIGHTS = {
    "on_time_fulfilment_rate": 0.35,
    "anomaly_resolved_2h_rate": 0.20,
    "change_success_rate": 0.20,
    "cross_channel_merge_rate": 0.15,
    "sla_acceptance_rate": 0.10,
}
_HOURS = {"pickup_timeout": 1, "transit_stalled": 48}
_CHANGED = {
    "anomaly_rules": ("event_code,after_hours", [f"{code},{hours}" for code, hours in _HOURS.items()]),
    "index_weights": ("kpi,weight,target", [f"{kpi},{weight:.2f},0.9" for kpi, weight in _WEIGHTS.items()]),
}


def run(scale: float = 1.0, say: Say = lambda text: None) -> dict[str, Any]:
    """All figures. `scale` of the orders, for a quick look: then the bar means little."""
    with tempfile.TemporaryDirectory(prefix="luyue-bench-") as name:
        settings = settings_module.load(data=Path(name) / "data", env={})
        lines_a_day = max(int(LINES_A_DAY * scale), 3)
        days = round(ORDERS * LINES_AN_ORDER / LINES_A_DAY)
        lake = SyntheticLake(settings, max(days * lines_a_day // 4, 1), lines_a_day)
        say(f"writing {days * lines_a_day:,} order lines in {days} days")
        as_of = lake.write_days(days)
        whole = _built(settings, as_of)
        say(f"everything: {whole['seconds']} s, {whole['peak_gb']} GB")
        due.write_state(settings, due.State("bench", True, "", "", due.format_time(as_of)))
        tried = {kind: _tried(settings, kind, *rows, say) for kind, rows in _CHANGED.items()}
    bars = {
        f"{kind} on {TRIED_DAYS} days of {ORDERS:,} orders within {MOST_SECONDS} s": of["seconds"]
        <= MOST_SECONDS
        for kind, of in tried.items()
    }
    return {
        "machine": f"{platform.machine()}, {os.cpu_count()} cores, Python {platform.python_version()}",
        "scale": scale,
        "whole": whole,
        "tried": tried,
        "bars": bars,
        "all_met": all(bars.values()),
    }


def lines(figures: dict[str, Any]) -> list[str]:
    """The figures to read, one fact a line."""
    told = [figures["machine"], f"the whole build before: {figures['whole']['seconds']} s"]
    for kind, of in figures["tried"].items():
        stages = ", ".join(f"{stage} {seconds:.1f}" for stage, seconds in of["stages"].items())
        told.append(
            f"{kind:<14} {of['seconds']} s, {of['cpu_seconds']} of a processor: {of['models']} models, "
            f"{of['orders_changed']:,} orders count otherwise ({stages})"
        )
    return [*told, *(f"{'met' if is_met else 'MISSED':<7} {bar}" for bar, is_met in figures["bars"].items())]


def _tried(settings: Settings, kind: str, header: str, rows: list[str], say: Say) -> dict[str, Any]:
    from dagster_project.lib.rules.trial import trying

    path = settings.data / f"{kind}.csv"
    lines_of_file = [f"{header},valid_from,valid_to", *(f"{row},{_ALWAYS}" for row in rows)]
    path.write_text("\n".join(lines_of_file) + "\n", encoding="utf-8")
    before, started = os.times(), time.monotonic()
    result = trying.attempt(settings, path, days=TRIED_DAYS, say=say)
    after = os.times()
    spent = sum(after[:4]) - sum(before[:4])
    return {
        "seconds": round(time.monotonic() - started, 2),
        "cpu_seconds": round(spent, 2),
        "models": result["models_built"],
        "orders_changed": sum(measure["changed"] for measure in result["orders"]["measures"]),
        "stages": result["seconds"],
    }
