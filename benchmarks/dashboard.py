"""The dashboard under its readers, in headless Chromium: `luyue bench dashboard`.

Over a million orders: the first KPI of a server just started; one reader's filters, pages and rows behind
numbers; ten readers for five minutes, with the server's memory, while fifty versions are published. Over ten
million: the one reader, and the first KPI, again. On both, every question of every page by itself. The files
are a demo merchant's, grown (`dashboard_world`).
"""

from __future__ import annotations

import asyncio
import json
import os
import platform
import random
import shutil
import socket
import statistics
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from benchmarks import dashboard_clicks as clicks
from benchmarks import dashboard_world as world
from dagster_project.lib import dashboard
from dagster_project.settings import Settings

ORDERS, MANY_ORDERS = 1_000_000, 10_000_000
COLD_STARTS, CLICKS_ALONE, READERS, VERSIONS = 3, 50, 10, 50
TOGETHER_SECONDS = 300.0
ROLES = ("auditor", "executive")
"""One sees every page and all columns; for the other keys are masked as they are read, which costs most."""
MOST_COLD, MOST_ALONE, MOST_ALONE_MANY, MOST_TOGETHER = 3.0, 1.0, 2.0, 2.0
"""Seconds: the first KPI; the 95th percentile of a page or filter of one reader, over few orders and over
many, and of ten readers."""
MOST_GROWTH = 1.1
"""Memory of the last third of the time over that of the second: flat, but for noise."""
STARTS_WITHIN_SECONDS = 60
SHOWN = 5
"""Slow places that are told of each kind."""
Say = Callable[[str], None]


def run(scale: float = 1.0, say: Say = lambda text: None) -> dict[str, Any]:
    """All figures and whether each bar is met; `scale` is the share of rows, readers, clicks and time."""
    chromium = shutil.which("chromium") or shutil.which("chromium-browser")
    if chromium is None:
        raise SystemExit("bench dashboard: no chromium on the PATH; apt-get install chromium fonts-noto-cjk")
    with tempfile.TemporaryDirectory(prefix="luyue-bench-") as name:
        folder = Path(name)
        say("a demo merchant and one run, or the folder that is ready")
        base = world.base(folder / "demo", scale)
        figures: dict[str, Any] = {"machine": _machine(), "scale": scale}
        for case, orders in (("few", ORDERS), ("many", MANY_ORDERS)):
            say(f"growing it to {int(orders * scale):,} orders")
            told, facts = world.grown(base, folder / case, int(orders * scale))
            say(f"{facts['rows']:,} rows, {facts['mb']:,} MB, published in {facts['seconds']} s")
            questions = _questions(told, say)
            figures[case] = {
                **facts,
                "questions": questions,
                **asyncio.run(_measured(chromium, told, scale, is_many=case == "many", say=say)),
            }
            shutil.rmtree(folder / case)
    figures["errors"] = [error for case in ("few", "many") for error in figures[case]["errors"]]
    figures["bars"] = _bars(figures)
    return figures | {"all_met": all(bar["is_met"] for bar in figures["bars"].values())}


def lines(figures: dict[str, Any]) -> list[str]:
    """The figures, one a line."""
    told = [figures["machine"]]
    for case in ("few", "many"):
        of = figures[case]
        told.append(
            f"{of['orders']:,} orders, {of['order_lines']:,} lines, {of['rows']:,} rows in {of['mb']:,} MB, "
            f"published at {of['rows_a_second']:,} rows/s; steps {of['steps']}; lost clicks {of['lost']}"
        )
        told += [f"  slowest steps, p95: {', '.join(of['slowest'])}"]
        told += [
            f"  slowest question of a {kind}: {text}" for kind, text in of["questions"]["slowest"].items()
        ]
    told += [f"{name:<48} {bar['value']:>8} (at most {bar['most']}) {'met' if bar['is_met'] else 'NOT met'}"
             for name, bar in figures["bars"].items()]  # fmt: skip
    few = figures["few"]
    told.append(f"versions published {few['versions']}, indexes shown {few['versions_shown']}")
    return [*told, *figures["errors"][:5]]


async def _measured(
    chromium: str, told: Settings, scale: float, *, is_many: bool, say: Say
) -> dict[str, Any]:
    """Cold starts and one reader; over few orders also ten readers while versions are published."""
    chance = random.Random(7)
    cold, alone, together = (clicks.Seen() for _ in range(3))
    publishing: dict[str, Any] = {}
    async with clicks.browser(chromium) as browser:
        say("first KPI of a server just started")
        for _ in range(max(round(COLD_STARTS * scale), 1)):
            with served(told) as (url, _process):
                reader = await clicks.Reader.arrive(browser, url, cold, "executive")
                await reader.leave()
        with served(told) as (url, process):
            say("one reader")
            for role in ROLES:
                reader = await clicks.Reader.arrive(browser, url, alone, role)
                for _ in range(max(round(CLICKS_ALONE * scale / len(ROLES)), 4)):
                    await reader.step(chance)
                await reader.leave()
            if not is_many:
                publisher = world.Publisher(told)
                readers = max(round(READERS * scale), 2)
                say(f"{readers} readers while versions are published")
                publishing = await _together(browser, url, together, readers, process, publisher, scale)
    return {
        "cold_seconds": [round(seconds, 3) for seconds in cold.seconds["cold"]],
        "alone_p95": _p95(alone, "page", "filter"),
        "alone_rows_p95": _p95(alone, "rows"),
        "steps": {kind: len(all_of) for kind, all_of in alone.seconds.items() if kind != "cold"},
        "slowest": _slowest(alone),
        "lost": cold.lost + alone.lost + together.lost,
        "errors": [*cold.errors, *alone.errors, *together.errors],
        **publishing,
    }


async def _together(
    browser: Any,  # noqa: ANN401 (Playwright's, which is imported where it is used)
    url: str,
    seen: clicks.Seen,
    readers: int,
    process: subprocess.Popen[bytes],
    publisher: world.Publisher,
    scale: float,
) -> dict[str, Any]:
    """Readers click while versions are published, spread over the time; the server's memory (MB), once a
    second."""
    all_of = [await clicks.Reader.arrive(browser, url, seen, ROLES[at % 2]) for at in range(readers)]
    seconds, versions = max(TOGETHER_SECONDS * scale, 12.0), max(round(VERSIONS * scale), 3)
    started, memory = time.monotonic(), []

    def is_over() -> bool:
        return time.monotonic() > started + seconds

    over = [asyncio.create_task(r.click_on(is_over, random.Random(at))) for at, r in enumerate(all_of)]
    while not is_over():
        memory.append(_memory_mb(process.pid))
        if time.monotonic() - started > seconds * publisher.published / versions:
            await asyncio.to_thread(publisher.publish)
        await asyncio.sleep(min(1.0, seconds / versions))
    await asyncio.gather(*over)
    await asyncio.gather(*(reader.leave() for reader in all_of))
    return {
        "together_p95": _p95(seen, "page", "filter", "rows"),
        "together_steps": {kind: len(took) for kind, took in seen.seconds.items() if kind != "cold"},
        "together_slowest": _slowest(seen),
        "memory_mb": memory,
        "versions": publisher.published,
        "versions_shown": len(seen.indexes),
        "mixed": seen.mixed,
    }


def _questions(told: Settings, say: Say) -> dict[str, Any]:
    """Every page and door asked once, by a process of its own: how long, and the slowest."""
    say("every question of every page")
    command = [sys.executable, "-m", "benchmarks.dashboard_questions", str(told.data)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode:
        raise SystemExit(f"{' '.join(command)} failed:\n{done.stderr[-2000:]}")
    figures: dict[str, Any] = json.loads(done.stdout)
    return figures


def _bars(figures: dict[str, Any]) -> dict[str, dict[str, Any]]:
    few, many = figures["few"], figures["many"]
    memory = few["memory_mb"]
    third = max(len(memory) // 3, 1)
    growth = statistics.median(memory[-third:]) / statistics.median(memory[third : 2 * third] or memory)
    told = {
        f"first KPI, cold, {ORDERS:,} orders (s)": (max(few["cold_seconds"]), MOST_COLD),
        f"first KPI, cold, {MANY_ORDERS:,} orders (s)": (max(many["cold_seconds"]), MOST_COLD),
        f"pages and filters, {ORDERS:,} orders, p95 (s)": (few["alone_p95"], MOST_ALONE),
        f"pages and filters, {MANY_ORDERS:,} orders, p95 (s)": (many["alone_p95"], MOST_ALONE_MANY),
        f"rows behind numbers, {ORDERS:,} orders, p95 (s)": (few["alone_rows_p95"], MOST_ALONE),
        f"rows behind numbers, {MANY_ORDERS:,} orders, p95 (s)": (many["alone_rows_p95"], MOST_ALONE_MANY),
        "ten readers while publishing, p95 (s)": (few["together_p95"], MOST_TOGETHER),
        "memory, growth (times)": (growth, MOST_GROWTH),
        "errors": (len(figures["errors"]), 0),
        "pages of two versions": (len(few["mixed"]), 0),
    }
    return {
        name: {"value": round(value, 3), "most": most, "is_met": value <= most}
        for name, (value, most) in told.items()
    }


@contextmanager
def served(told: Settings) -> Iterator[tuple[str, subprocess.Popen[bytes]]]:
    """A dashboard of its own over the data folder: its address and process."""
    with socket.socket() as probe:
        probe.bind((dashboard.HOST, 0))
        port = probe.getsockname()[1]
    process = subprocess.Popen(
        dashboard.command(port, told),
        env=dashboard.environment(told),
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        _await(f"http://{dashboard.HOST}:{port}/_stcore/health")
        yield f"http://{dashboard.HOST}:{port}", process
    finally:
        process.terminate()
        process.wait(timeout=30)


def _await(url: str) -> None:
    ends = time.monotonic() + STARTS_WITHIN_SECONDS
    while True:
        try:
            urllib.request.urlopen(url, timeout=2).close()
            return
        except OSError:
            if time.monotonic() > ends:
                raise
            time.sleep(0.1)


def _p95(seen: clicks.Seen, *kinds: str) -> float:
    return _percentile(seconds for kind in kinds for seconds in seen.seconds.get(kind, []))


def _percentile(seconds: Iterable[float]) -> float:
    ordered = sorted(seconds)
    return round(ordered[max(round(0.95 * len(ordered)) - 1, 0)], 3) if ordered else 0.0


def _slowest(seen: clicks.Seen) -> list[str]:
    """Where steps take longest: kind, page, 95th percentile of its steps."""
    by_place = {place: _percentile(all_of) for place, all_of in seen.by_place.items() if "cold" not in place}
    slow = sorted(by_place.items(), key=lambda pair: -pair[1])[:SHOWN]
    return [f"{place} {seconds}" for place, seconds in slow]


def _memory_mb(pid: int) -> int:
    status = Path(f"/proc/{pid}/status").read_text("utf-8")
    return int(status.split("VmRSS:")[1].split()[0]) // 1024


def _machine() -> str:
    return f"{platform.machine()}, {os.cpu_count()} cores, Python {platform.python_version()}"
