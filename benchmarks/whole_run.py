"""A whole run over the demo merchant, timed from outside: `python benchmarks/whole_run.py [--orders N]`.

Prints one JSON document: order lines, seconds of each command and stage, and the memory of the largest
process of the run, by GNU time where it is installed, else by getrusage. `--keep DIR` works in DIR.
The bars: 200,000 order lines within 120 s and 4 GB on two cores.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import resource
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

ORDERS = 135_500
"""Orders of the demo merchant that give about 200,000 order lines; the exact figure is printed."""
LUYUE = Path(sys.executable).with_name("luyue")
GNU_TIME = Path("/usr/bin/time")


def main() -> None:
    """Writes the demo, runs once, prints the figures."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--orders", type=int, default=ORDERS)
    parser.add_argument("--keep", type=Path, help="work in this folder and leave it")
    arguments = parser.parse_args()
    folder = arguments.keep or Path(tempfile.mkdtemp(prefix="luyue-bench-"))
    try:
        json.dump(measure(folder, arguments.orders), sys.stdout, indent=2)
        sys.stdout.write("\n")
    finally:
        if not arguments.keep:
            shutil.rmtree(folder)


def measure(folder: Path, orders: int) -> dict[str, Any]:
    """Figures of one demo of `orders` orders in `folder` and one first run over it."""
    demo = timed([str(LUYUE), "demo", "--out", str(folder), "--orders", str(orders)], folder)
    run = timed([str(LUYUE), "run", "--data", str(folder), "--json"], folder)
    facts = json.loads((folder / "out.txt").read_text("utf-8"))
    return {
        "orders": orders,
        "order_lines": _order_lines(folder),
        "files": sum(counts["files"] for counts in facts["sources"].values()),
        "demo_seconds": demo["seconds"],
        "run_seconds": run["seconds"],
        "run_peak_gb": run["peak_gb"],
        "stages_seconds": facts["seconds"],
        "measured_by": run["measured_by"],
        "machine": f"{platform.machine()}, {os.cpu_count()} cores, Python {platform.python_version()}",
    }


def timed(command: list[str], folder: Path) -> dict[str, Any]:
    """Seconds, processor seconds, peak memory (GB) of a command and its children; output to folder/out.txt.

    Raises SystemExit with the command's last lines if it fails.
    """
    report = folder / "time.txt"
    measured = [str(GNU_TIME), "-v", "-o", str(report), *command] if GNU_TIME.exists() else command
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    started = time.monotonic()
    with (folder / "out.txt").open("w") as output:
        done = subprocess.run(measured, stdout=output, stderr=subprocess.PIPE, text=True, check=False)
    seconds = round(time.monotonic() - started, 1)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    cpu = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    if done.returncode:
        raise SystemExit(f"{' '.join(command)} failed:\n{done.stderr[-2000:]}")
    if GNU_TIME.exists():
        kilobytes = int(report.read_text().split("Maximum resident set size (kbytes):")[1].split()[0])
    else:
        kilobytes = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss
    by = "GNU time" if GNU_TIME.exists() else "getrusage"
    return {
        "seconds": seconds,
        "cpu_seconds": round(cpu, 1),
        "peak_gb": round(kilobytes / 1e6, 2),
        "measured_by": by,
    }


def _order_lines(folder: Path) -> int:
    import duckdb

    current = (folder / "serving" / "CURRENT").read_text("utf-8").strip()
    with duckdb.connect(str(folder / "serving" / current), read_only=True) as connection:
        row = connection.execute("select count(*) from marts.fct_order_lines").fetchone()
    return int(row[0]) if row else 0


if __name__ == "__main__":
    main()
