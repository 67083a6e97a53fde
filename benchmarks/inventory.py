"""A day of stock movements on ledgers of 10 and 100 million rows, beside its peers: `luyue bench inventory`.

The project's own dbt models take the day (100,000 movements, two of a hundred up to sixty days late), then a
re-export that corrects and withdraws lines; then they build all of it anew (dbt's full refresh). Plain SQL, a
recomputation, the usual incremental, pandas and Polars get the same ledger. Each in a process of its own.
Ours is timed from the first model to the last.
"""

from __future__ import annotations

import json
import os
import platform
import statistics
import subprocess
import sys
import tempfile
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

from benchmarks import inventory_full, inventory_growth, inventory_made, inventory_peers
from benchmarks import inventory_world as world

LEDGERS = (10_000_000, 100_000_000)
KEYS, DAY, DAYS = 1_000_000, 100_000, 5
LEAST_TIMES_FULL, MOST_GROWTH, MOST_TIMES_PLAIN, MOST_FILE = 20.0, 1.6, 2.5, 1.5
IN_MEMORY_UP_TO = 10_000_000
"""pandas and Polars hold the whole ledger: at 100 M rows more than the memory that the bench may take."""
Say = Callable[[str], None]


def run(scale: float = 1.0, say: Say = lambda text: None) -> dict[str, Any]:
    """All figures and whether each bar is met; `scale` is the share of rows, keys and movements."""
    keys, day = max(int(KEYS * scale), 100), max(int(DAY * scale), 100)
    figures: dict[str, Any] = {"machine": _machine(), "ledgers": {}}
    for rows in LEDGERS:
        with tempfile.TemporaryDirectory(prefix="luyue-bench-") as folder:
            length = max(int(rows * scale), 1_000)
            in_memory = rows <= IN_MEMORY_UP_TO
            figures["ledgers"][length] = _measured(Path(folder), length, keys, day, in_memory, say)
    with tempfile.TemporaryDirectory(prefix="luyue-bench-") as folder:
        figures["growth"] = inventory_growth.measured(Path(folder), scale, say)
    figures["bars"] = _bars(figures)
    return figures | {"all_met": all(bar["is_met"] for bar in figures["bars"].values())}


def _measured(folder: Path, rows: int, keys: int, day: int, in_memory: bool, say: Say) -> dict[str, Any]:
    days = [world.delta(number, rows + (number - 1) * day, day, keys) for number in range(1, DAYS + 1)]
    again = world.corrected(DAYS + 1, max(day // 100, 10), keys, rows)
    say(f"{rows:,} rows: writing the ledger")
    inventory_made.make(folder, rows, keys, [*days, again])
    inventory_peers.prepare(folder)
    cut_offs = [str(world.START + timedelta(days=world.DAYS + number)) for number in range(1, DAYS + 2)]
    batches = sorted((folder / "lake" / "stock_movements").rglob("batch=d*.parquet"))
    ours = inventory_made.run_dbt(folder, cut_offs)
    told: dict[str, Any] = {
        "luyue": _told([turn["models"] for turn in ours["runs"][:DAYS]], ours["peak_mb"]),
        "luyue, 1 % corrected": _told([ours["runs"][DAYS]["models"]], ours["peak_mb"]),
        "file_mb": ours["file_mb"],
    }
    for name in ("plain", "recompute", "usual", *(("polars", "pandas") if in_memory else ())):
        told[name] = _peer(folder, name, batches[:DAYS] if name == "plain" else [])
        say(f"{rows:,} rows: {name} {told[name]['seconds']} s, {told[name]['peak_mb']} MB")
    say(f"{rows:,} rows: luyue {told['luyue']['seconds']} s, {told['luyue']['peak_mb']} MB")
    told |= inventory_growth.differences(folder, batches[DAYS])
    (folder / "plain.duckdb").unlink()
    full = inventory_full.measured(folder, rows, keys, cut_offs[-1])
    told["rows_that_differ"] += full.pop("rows_that_differ")
    say(f"{rows:,} rows: full refresh {full['seconds']} s, {full['peak_mb']} MB")
    return told | {"full refresh": full}


def _peer(folder: Path, name: str, batches: list[Path]) -> dict[str, Any]:
    command = [sys.executable, "-m", "benchmarks.inventory_peers", str(folder), name, *map(str, batches)]
    root = Path(__file__).resolve().parents[1]
    done = subprocess.run(command, capture_output=True, text=True, check=False, cwd=root)
    if done.returncode:
        raise RuntimeError(f"{name} ended with code {done.returncode}: {done.stderr[-1000:]}")
    found = json.loads(done.stdout.splitlines()[-1])
    return _told(found["seconds"], found["peak_mb"])


def _told(turns: list[float], peak_mb: int) -> dict[str, Any]:
    return {"seconds": round(statistics.median(turns), 3), "turns": turns, "peak_mb": peak_mb}


def _bars(figures: dict[str, Any]) -> dict[str, dict[str, Any]]:
    """Each bar: what it came to, what is asked, whether it is met."""
    short, long = (figures["ledgers"][rows] for rows in sorted(figures["ledgers"]))
    ours, plain = long["luyue"]["seconds"], long["plain"]["seconds"]
    wrong = short["rows_that_differ"] + long["rows_that_differ"]
    times = round(long["full refresh"]["seconds"] / ours, 1)
    growth, slower = round(ours / short["luyue"]["seconds"], 2), round(ours / plain, 2)
    file = figures["growth"]["times_fresh"]
    return {
        "rows that differ from a recomputation and a full refresh": _bar(wrong, 0, wrong == 0),
        "times as fast as the full refresh": _bar(times, LEAST_TIMES_FULL, times >= LEAST_TIMES_FULL),
        "times its cost on a tenth of the ledger": _bar(growth, MOST_GROWTH, growth <= MOST_GROWTH),
        "times the plain SQL": _bar(slower, MOST_TIMES_PLAIN, slower <= MOST_TIMES_PLAIN),
        "times a fresh file after 200 days": _bar(file, MOST_FILE, file <= MOST_FILE),
    }


def _bar(value: float, bar: float, is_met: bool) -> dict[str, Any]:
    return {"value": value, "bar": bar, "is_met": is_met}


def _machine() -> str:
    return f"{platform.machine()}, {os.cpu_count()} cores, Python {platform.python_version()}"


def lines(figures: dict[str, Any]) -> list[str]:
    """The figures for people, one line a peer and a bar."""
    told = [figures["machine"]]
    for rows, result in figures["ledgers"].items():
        told.append(f"{rows:,} rows; the usual incremental has {result['keys_wrong_of_usual']:,} keys wrong")
        for name, figure in result.items():
            if isinstance(figure, dict):
                told.append(f"  {name:<22}{figure['seconds']:>9.2f} s  {figure['peak_mb']:>7,} MB")
    told.append(
        f"file after {figures['growth']['days']} days: {figures['growth']['times_fresh']} × a fresh one"
    )
    return told + [
        f"{'met   ' if bar['is_met'] else 'MISSED'}  {name}: {bar['value']} (bar {bar['bar']})"
        for name, bar in figures["bars"].items()
    ]
