"""Addresses beside their peers, in one run: `luyue bench addresses`.

Simulated addresses, clean ones and noisy ones. Measured: rows a second of one core
from DuckDB to DuckDB, to the adcode and with all detail; the peers on the same rows, where installed;
five million distinct rows on all cores in a process of their own, with its memory; import and first call; and
that a text ten times as long takes about ten times as long, however hostile it is.
"""

from __future__ import annotations

import json
import os
import platform
import subprocess
import sys
import time
from collections.abc import Callable
from typing import Any

_ROWS = 1_000_000
_MANY = 5_000_000
_LEAST_ADCODE, _LEAST_DETAIL = 500_000, 150_000
"""Bars: rows a second of one core."""
_MOST_SECONDS, _MOST_MB, _MOST_SLOWDOWN = 60.0, 2048, 25.0
"""Bars: five million rows on two cores; their memory; a text ten times as long, which
would take a hundred times as long if time grew by its square."""


def run(scale: float = 1.0, say: Callable[[str], None] = lambda text: None) -> dict[str, Any]:
    """All figures and whether each bar is met; `scale` is the share of the rows."""
    say("import and first call")
    figures: dict[str, Any] = {"machine": _machine(), "start": _child("start", 0, threads=1)}
    for what in ("adcode", "detail"):
        say(f"{what}, one core")
        figures[what] = _child(what, max(int(_ROWS * scale), 1000), threads=1)
    say("hostile texts")
    figures["hostile"] = _child("hostile", 0, threads=1)
    for peer in ("cpca", "jionlp", "addressparser"):
        say(f"{peer}, one core")
        figures[peer] = _child(peer, max(int(20_000 * scale), 200), threads=1)
    say("five million rows, all cores")
    figures["many"] = _child("many", max(int(_MANY * scale), 1000), threads=0)
    bars = {
        "adcode": figures["adcode"]["rows_per_cpu_second"] >= _LEAST_ADCODE,
        "detail": figures["detail"]["rows_per_cpu_second"] >= _LEAST_DETAIL,
        "many_seconds": figures["many"]["seconds"] <= _MOST_SECONDS,
        "many_memory": figures["many"]["peak_mb"] <= _MOST_MB,
        "hostile": figures["hostile"]["slowest"] <= _MOST_SLOWDOWN,
    }
    return figures | {"bars": bars, "all_met": all(bars.values())}


def lines(figures: dict[str, Any]) -> list[str]:
    """The figures as lines for people."""
    start, many = figures["start"], figures["many"]
    told = [
        f"{figures['machine']}",
        f"import {start['import_seconds']} s, first call {start['first_seconds']} s",
    ]
    for name in ("adcode", "detail", "cpca", "jionlp", "addressparser"):
        row = figures[name]
        if row.get("skipped"):
            told.append(f"{name:<14} {row['skipped']}")
        else:
            told.append(f"{name:<14} {row['rows_per_cpu_second']:>9} rows/s of one core ({row['rows']} rows)")
    told.append(f"{many['rows']} rows in {many['seconds']} s, {many['peak_mb']} MB at most")
    told.append(
        f"a hostile text ten times as long takes {figures['hostile']['slowest']} times as long at most"
    )
    told += [f"{'met' if met else 'NOT MET':<8} {name}" for name, met in figures["bars"].items()]
    return told


def _machine() -> str:
    return f"{platform.machine()}, {os.cpu_count()} cores, Python {platform.python_version()}"


def _child(what: str, rows: int, threads: int) -> dict[str, Any]:
    """One measurement in a process of its own; with 0 threads as many as there are cores."""
    limits = {"POLARS_MAX_THREADS": "1"} if threads else {}
    command = [sys.executable, "-m", "benchmarks.addresses", what, str(rows)]
    done = subprocess.run(command, env=os.environ | limits, capture_output=True, text=True, check=False)
    if done.returncode:
        raise RuntimeError(f"bench addresses, {what}: {done.stderr.strip().splitlines()[-1]}")
    result: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return result


if __name__ == "__main__":
    from benchmarks import address_measures

    begun = time.perf_counter()
    measured = address_measures.MEASURES[sys.argv[1]](int(sys.argv[2]))
    sys.stdout.write(json.dumps(measured | {"process_seconds": round(time.perf_counter() - begun, 3)}) + "\n")
