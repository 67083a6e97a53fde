"""Linking customers beside Splink's own flow, in one run: `luyue bench identity`.

On the exam world (`identity_world`): `luyue identity link` over 100 k, 300 k and 1 M records, then 1 k, 10 k
and 100 k new ones on the 1 M that are kept; and what a user of Splink does today, over the same files but the
largest. Every figure is of a process of its own, from its start to its end, reading and writing included, the
best of a few; `start_seconds` are those of a process that links one record: start, imports, first calls.
"""

from __future__ import annotations

import os
import platform
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

from benchmarks import identity_world

if TYPE_CHECKING:
    import polars as pl

FULL = (100_000, 300_000, 1_000_000)
NEW = (1_000, 10_000, 100_000)
SEED = 20_231
REPEATS = {"start": 3, "full": 2, "new": 2}
"""The host's speed swings; the best of so many is told."""
MOST_SECONDS, MOST_NEW_SECONDS, MOST_MB, LEAST_TIMES = 30.0, 1.5, 1_500, 5.0
LEAST_PRECISION, LEAST_OF_CEILING, MOST_ECE = 0.97, 0.60, 0.05
PEER_SECONDS = 180.0
"""Splink's flow is given up after this time; over the largest file it is not begun."""
_KEY = ["source", "source_record_id"]
Say = Callable[[str], None]


def run(scale: float = 1.0, say: Say = lambda text: None) -> dict[str, Any]:
    """All figures and whether each bar is met; `scale` is the share of the records."""
    full = [max(int(rows * scale), 500) for rows in FULL]
    new = [max(int(rows * scale), 10) for rows in NEW]
    with tempfile.TemporaryDirectory(prefix="luyue-bench-") as made:
        folder = Path(made)
        say(f"writing a world of {full[-1] + sum(new):,} records")
        truth = _write_world(folder, full, new)
        figures: dict[str, Any] = {"machine": _machine(), "full": {}, "new": {}, "splink": {}}
        figures["start"] = _start(folder)
        say(f"one record: {_line(figures['start'])}")
        for rows in full:
            source = folder / f"full-{rows}.parquet"
            told = _best("full", [*_LINK, "--input", source, "--output", folder / "members.parquet"])
            figures["full"][rows] = told | _quality(folder / "members.parquet", source, truth)
            say(f"full {rows:,}: {_line(figures['full'][rows])}")
            if rows != full[-1]:
                figures["splink"][rows] = _splink(source, folder, truth)
                say(f"splink {rows:,}: {_line(figures['splink'][rows])}")
        figures["kept"] = _kept(folder, full[-1], truth)
        say(f"full {full[-1]:,}, kept: {_line(figures['kept'])}")
        for rows in new:
            figures["new"][rows] = _added(folder, rows)
            if rows == new[1]:
                figures["new"][rows]["otherwise"] = _differing(folder, full[-1], rows)
            say(f"new {rows:,}: {_line(figures['new'][rows])}")
    for told in (*figures["full"].values(), *figures["new"].values(), figures["kept"]):
        told["beyond_start"] = round(max(told["seconds"] - figures["start"]["seconds"], 0.0), 2)
    figures["times"] = round(figures["full"][full[-1]]["seconds"] / figures["new"][new[1]]["seconds"], 1)
    bars = _bars(figures, full[-1], new[1])
    return figures | {"bars": bars, "all_met": all(bars.values())}


def lines(figures: dict[str, Any]) -> list[str]:
    """The figures as lines for people."""
    told = [figures["machine"], f"{'luyue, start':<14} {1:>10,}  {_line(figures['start'])}"]
    for kind, name in (("full", "luyue, full"), ("splink", "Splink, plain"), ("new", "luyue, new")):
        told += [f"{name:<14} {rows:>10,}  {_line(row)}" for rows, row in figures[kind].items()]
    told.append(f"{'luyue, kept':<14} {'':>10}  {_line(figures['kept'])}")
    told.append(f"a hundredth new is {figures['times']} × as fast as all")
    return told + [f"{'met' if met else 'NOT MET':<8} {name}" for name, met in figures["bars"].items()]


_COMMAND = "from dagster_project.cli import main; main()"
_COMPILED = tempfile.TemporaryDirectory(prefix="luyue-bench-compiled-")
_LINK = (sys.executable, "-c", _COMMAND, "identity", "link")


def _write_world(folder: Path, full: list[int], new: list[int]) -> pl.DataFrame:
    """full-<n>.parquet of each size, new-<n>.parquet of records that come later; the truth of all."""
    records, truth = identity_world.make(full[-1] + sum(new), SEED)
    for rows in full:
        records.head(rows).write_parquet(folder / f"full-{rows}.parquet")
    begin = full[-1]
    for rows in new:
        records.slice(begin, rows).write_parquet(folder / f"new-{rows}.parquet")
        begin += rows
    return truth


def _start(folder: Path) -> dict[str, Any]:
    """A process that links one record. Its modules are compiled once before, as in any installation."""
    import polars as pl

    source = folder / "one.parquet"
    named = pl.col("name").is_not_null() & pl.col("address").is_not_null()
    smallest = min(folder.glob("new-*.parquet"), key=lambda path: path.stat().st_size)
    pl.read_parquet(smallest).filter(named).head(1).write_parquet(source)
    command = [*_LINK, "--input", source, "--output", folder / "members.parquet"]
    _timed(command)
    return _best("start", command)


def _best(kind: str, command: list[Any]) -> dict[str, Any]:
    return min((_timed(command) for _ in range(REPEATS[kind])), key=lambda told: told["seconds"])


def _timed(command: list[Any], most_seconds: float | None = None) -> dict[str, Any]:
    """Seconds, processor seconds and peak memory (MB) of one process; RuntimeError with its last words."""
    root = Path(__file__).resolve().parent.parent
    environment = os.environ | {"PYTHONDONTWRITEBYTECODE": "", "PYTHONPYCACHEPREFIX": _COMPILED.name}
    with tempfile.TemporaryFile() as said:
        begun = time.perf_counter()
        process = subprocess.Popen(
            [str(word) for word in command],
            stdout=said,
            stderr=said,
            cwd=root,
            env=environment,
        )
        while True:
            ended, status, used = os.wait4(process.pid, os.WNOHANG)
            seconds = time.perf_counter() - begun
            if ended:
                break
            if most_seconds is not None and seconds > most_seconds:
                process.kill()
                process.wait()
                return {"not_measured": f"given up after {most_seconds:.0f} s"}
            time.sleep(0.01)
        process.returncode = os.waitstatus_to_exitcode(status)
        if process.returncode:
            said.seek(0)
            last = (said.read().decode(errors="replace").strip().splitlines() or ["no message"])[-1]
            told = " ".join(str(word) for word in command[1:])
            raise RuntimeError(f"{told}: ended with code {process.returncode}: {last}")
    cpu = round(used.ru_utime + used.ru_stime, 2)
    return {"seconds": round(seconds, 2), "cpu_seconds": cpu, "peak_mb": used.ru_maxrss // 1024}


def _quality(members: Path, records: Path, truth: pl.DataFrame) -> dict[str, float]:
    """Precision and recall by pairs and B³, the ceiling, and the recall of it."""
    import polars as pl

    from identity.evaluation.ceiling import ceiling
    from identity.evaluation.scores import scores

    shown = pl.read_parquet(records)
    known = shown.join(truth, on=_KEY, how="left", maintain_order="left")
    found = known.join(pl.read_parquet(members), on=_KEY, how="left", maintain_order="left")
    told = scores(found["customer_id"], found["person_id"]).as_dict()
    reach = ceiling(shown.select(pl.all().cast(pl.String)), known["person_id"])
    return told | {"ceiling": reach, "recall_of_ceiling": told["pairwise_recall"] / reach}


def _splink(source: Path, folder: Path, truth: pl.DataFrame) -> dict[str, Any]:
    output = folder / "splink.parquet"
    try:
        told = _timed([sys.executable, "-m", "benchmarks.identity_splink", source, output], PEER_SECONDS)
    except RuntimeError as error:
        told = {"not_measured": str(error)}
    return told if "not_measured" in told else told | _quality(output, source, truth)


def _kept(folder: Path, rows: int, truth: pl.DataFrame) -> dict[str, Any]:
    """The full run whose records are kept for later ones, with the calibration of its links."""
    import polars as pl

    from identity.evaluation.calibration import calibration

    edges = folder / "edges.parquet"
    command = [*_LINK, "--input", folder / f"full-{rows}.parquet", "--output", folder / "members.parquet"]
    told = _timed([*command, "--state", folder / "state", "--edges", edges])
    person = truth.select("source_record_id", "person_id")
    links = pl.read_parquet(edges)
    for side in ("left", "right"):
        named = person.rename({"source_record_id": f"{side}_record_id", "person_id": side})
        links = links.join(named, on=f"{side}_record_id")
    measured = calibration(links["probability"], links["left"] == links["right"])
    return told | {"links": measured["pairs"], "ece": measured["ece"], "bins": measured["bins"]}


def _added(folder: Path, rows: int) -> dict[str, Any]:
    """New records on the kept ones: each time on a copy of what was kept."""
    told = []
    for _ in range(REPEATS["new"]):
        state = folder / "state-now"
        shutil.copytree(folder / "state", state)
        source = folder / f"new-{rows}.parquet"
        told.append(_timed([*_LINK, "--input", source, "--output", folder / "all.parquet", "--state", state]))
        shutil.rmtree(state)
    return min(told, key=lambda one: one["seconds"])


def _differing(folder: Path, kept: int, rows: int) -> int:
    """Records that one run over all records groups otherwise than the new ones on the kept ones (the last
    `_added` must be of these rows)."""
    import polars as pl

    whole, output = folder / "whole.parquet", folder / "at-once.parquet"
    parts = [pl.read_parquet(folder / name) for name in (f"full-{kept}.parquet", f"new-{rows}.parquet")]
    pl.concat(parts).write_parquet(whole)
    _timed([*_LINK, "--input", whole, "--output", output])
    groups = [
        pl.read_parquet(path).select(*_KEY, group=pl.col("source_record_id").min().over("customer_id"))
        for path in (output, folder / "all.parquet")
    ]
    same = groups[0].join(groups[1], on=[*_KEY, "group"]).height
    return max(groups[0].height, groups[1].height) - same


def _bars(figures: dict[str, Any], largest: int, hundredth: int) -> dict[str, bool]:
    full, new = figures["full"][largest], figures["new"][hundredth]
    peak = max(told["peak_mb"] for kind in ("full", "new") for told in figures[kind].values())
    return {
        f"{largest:,} records in {MOST_SECONDS:.0f} s": full["seconds"] <= MOST_SECONDS,
        f"{hundredth:,} new in {MOST_NEW_SECONDS} s": new["seconds"] <= MOST_NEW_SECONDS,
        f"new at least {LEAST_TIMES:.0f} × as fast as full": full["seconds"] >= LEAST_TIMES * new["seconds"],
        f"{hundredth:,} new grouped as by one run": new["otherwise"] == 0,
        f"peak under {MOST_MB} MB, full and new": peak <= MOST_MB,
        f"peak under {MOST_MB} MB, kept": figures["kept"]["peak_mb"] <= MOST_MB,
        f"precision {LEAST_PRECISION}": full["pairwise_precision"] >= LEAST_PRECISION,
        f"recall {LEAST_OF_CEILING} of the ceiling": full["recall_of_ceiling"] >= LEAST_OF_CEILING,
        f"calibration error {MOST_ECE}": (figures["kept"]["ece"] or 0.0) <= MOST_ECE,
    }


def _line(told: dict[str, Any]) -> str:
    if "not_measured" in told:
        return str(told["not_measured"])
    text = f"{told['seconds']:>8.2f} s  {told['cpu_seconds']:>8.2f} s CPU  {told['peak_mb']:>6,} MB"
    if "beyond_start" in told:
        text += f"  {told['beyond_start']:>6.2f} s without start"
    if "pairwise_precision" in told:
        text += f"  precision {told['pairwise_precision']:.4f}  recall {told['pairwise_recall']:.4f}"
        text += f" = {told['recall_of_ceiling']:.3f} of {told['ceiling']:.3f}"
    return f"{text}  calibration error {told['ece']:.4f}" if "ece" in told else text


def _machine() -> str:
    return f"{platform.machine()}, {os.cpu_count()} cores, Python {platform.python_version()}"
