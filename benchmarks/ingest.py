"""Ingestion beside its peers, in one run: `luyue bench ingest`.

A million order lines of 抖店 (CSV, 75 columns, UTF-8) and of 淘宝 (GB18030), and 200,000 of 抖店 as a
workbook, written by the demo merchant's exporters. Measured, each in a process of its own and by turns:
our ingestion (mapped, typed, judged, masked, tokens, vault, ledger); what Polars and DuckDB need to bring the
same file to Parquet as text and nothing else, which is the limit; pandas with the cleaning code of today's
users; and, of the first file, pandas with the code that comes to our result. Both bare readers are told, the
faster one is judged by; pandas is judged by its plain code.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from benchmarks import ingest_files

ROWS = 1_000_000
XLSX_ROWS = 200_000
LARGEST_PEAK_MB = 1_500
LEAST_TIMES_PANDAS = 5
_NEEDED_BY_PANDAS = "pandas reads no workbook without openpyxl, which this environment does not have"


@dataclass(frozen=True)
class Case:
    """One file, its readers, and how many times the limit's seconds ours may take (null: no such bar)."""

    name: str
    source: str
    rows: int
    write: Callable[[str, int, Path], Path]
    readers: tuple[str, ...]
    most_times_limit: float | None
    turns: int = 3
    """How often each reader takes the file, by turns; the turn in the middle counts."""


_ALL = ("luyue", "polars", "duckdb", "pandas", "pandas_same")
CASES = (
    Case("csv_utf8", "douyin_orders", ROWS, ingest_files.write_csv, _ALL, 3),
    Case("csv_gb18030", "taobao_orders", ROWS, ingest_files.write_csv, _ALL[:-1], 4),
    Case("xlsx", "douyin_orders", XLSX_ROWS, ingest_files.write_xlsx, ("luyue", "polars", "pandas"), None, 1),
)  # fmt: skip


def run(scale: float = 1.0, say: Callable[[str], None] = lambda text: None) -> dict[str, Any]:
    """All figures. `scale` of the rows, for tests; `say` is called with each line of progress."""
    results: dict[str, Any] = {}
    with tempfile.TemporaryDirectory(prefix="luyue-bench-") as folder:
        _case(folder, "warm-up")
        for case in CASES:
            say(f"{case.name}: writing {int(case.rows * scale):,} rows")
            path = case.write(case.source, int(case.rows * scale), Path(folder))
            _settle(path)
            results[case.name] = _measured(case, path, int(case.rows * scale), say)
            path.unlink()
    bars = {
        f"{name}: {bar}": is_met for name, result in results.items() for bar, is_met in _bars(name, result)
    }
    machine = f"{platform.machine()}, {os.cpu_count()} cores, Python {platform.python_version()}"
    return {"machine": machine, "cases": results, "bars": bars, "all_met": all(bars.values())}


def _settle(path: Path) -> None:
    """Waits until the file is on the disk: else whoever reads it first pays for that."""
    with path.open("rb") as file:
        os.fsync(file.fileno())


def _measured(case: Case, path: Path, rows: int, say: Callable[[str], None]) -> dict[str, Any]:
    result: dict[str, Any] = {"rows": rows, "file_mb": round(path.stat().st_size / 1e6)}
    readers = case.readers
    if path.suffix == ".xlsx" and not _has_openpyxl():
        readers = tuple(reader for reader in readers if reader != "pandas")
        result["pandas"] = {"not_measured": _NEEDED_BY_PANDAS}
    told = [{reader: _turn(reader, case.source, path) for reader in readers} for _ in range(case.turns)]
    for reader in readers:
        turns = sorted((turn[reader] for turn in told), key=lambda figures: figures["seconds"])
        figures = turns[len(turns) // 2] | {"peak_mb": max(turn["peak_mb"] for turn in turns)}
        result[reader] = figures | {"rows_per_second": round(rows / max(figures["seconds"], 0.01))}
        say(f"{case.name}: {reader} {figures['seconds']} s, {figures['peak_mb']} MB")
    ours = result["luyue"]["seconds"]
    result["times_slower_than"] = {
        peer: round(ours / result[peer]["seconds"], 2) for peer in ("polars", "duckdb") if peer in result
    }
    for peer in ("pandas", "pandas_same"):
        if "seconds" in result.get(peer, {}):
            result[f"times_faster_than_{peer}"] = round(result[peer]["seconds"] / ours, 2)
    return result


def _turn(reader: str, source: str, path: Path) -> dict[str, Any]:
    folder = path.parent / f"out-{reader}"
    told = _case(str(path.parent), reader, source, str(path), str(folder))
    shutil.rmtree(folder, ignore_errors=True)
    return dict(json.loads(told.splitlines()[-1]))


def _case(folder: str, *arguments: str) -> str:
    """What a process of its own prints. Bytecode is kept in the folder, as on any machine that is not told
    to keep none: else every start would compile what it imports."""
    env = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    done = subprocess.run(
        [sys.executable, "-m", "benchmarks.ingest_case", *arguments],
        capture_output=True,
        text=True,
        check=False,
        cwd=Path(__file__).parent.parent,
        env=env | {"PYTHONPYCACHEPREFIX": str(Path(folder) / "bytecode")},
    )
    if done.returncode:
        last = (done.stderr.strip().splitlines() or ["no message"])[-1]
        raise RuntimeError(f"{' '.join(arguments[:2])} ended with code {done.returncode}: {last}")
    return done.stdout


def _bars(name: str, result: dict[str, Any]) -> list[tuple[str, bool]]:
    """What is asked of a case, and whether it is so."""
    case = next(case for case in CASES if case.name == name)
    slower = max(result["times_slower_than"].values())
    bars = [(f"peak under {LARGEST_PEAK_MB} MB", result["luyue"]["peak_mb"] < LARGEST_PEAK_MB)]
    if case.most_times_limit is not None:
        bars.append(
            (f"within {case.most_times_limit} × the faster bare reader", slower <= case.most_times_limit)
        )
    if "times_faster_than_pandas" in result:
        faster = result["times_faster_than_pandas"]
        bars.append((f"at least {LEAST_TIMES_PANDAS} × as fast as pandas", faster >= LEAST_TIMES_PANDAS))
    return bars


def _has_openpyxl() -> bool:
    from importlib.util import find_spec

    return find_spec("openpyxl") is not None


def lines(figures: dict[str, Any]) -> list[str]:
    """The figures for people, one line a reader and a bar."""
    told = [figures["machine"]]
    for name, result in figures["cases"].items():
        told.append(f"{name}: {result['rows']:,} rows, {result['file_mb']} MB")
        for reader in _ALL:
            figure = result.get(reader)
            if figure and "seconds" in figure:
                speed = f"{figure['rows_per_second']:,} rows/s"
                told.append(
                    f"  {reader:<12}{figure['seconds']:>8.2f} s  {speed:>18}  {figure['peak_mb']:>6,} MB"
                )
            elif figure:
                told.append(f"  {reader:<12}{figure['not_measured']}")
    return told + [f"{'met   ' if is_met else 'MISSED'}  {bar}" for bar, is_met in figures["bars"].items()]


def main() -> None:
    """Prints the figures as JSON."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--scale", type=float, default=1.0, help="share of the rows")
    figures = run(parser.parse_args().scale, lambda text: print(text, file=sys.stderr, flush=True))
    json.dump(figures, sys.stdout, indent=2, ensure_ascii=False)
    sys.stdout.write("\n")


if __name__ == "__main__":
    main()
