"""The dashboard under its readers, in headless Chromium: `luyue bench dashboard`.

First KPI of a server just started; one reader's filters and pages; ten readers for two minutes, with the
server's memory; then fifty versions published while they click. A demo merchant of 200,000 order lines is
made first, unless LUYUE_BENCH_DATA names a data folder that has a published file.
"""

from __future__ import annotations

import asyncio
import os
import platform
import random
import shutil
import socket
import statistics
import subprocess
import tempfile
import time
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from benchmarks import dashboard_clicks as clicks
from benchmarks import dashboard_world as world
from dagster_project.lib import dashboard
from dagster_project.settings import Settings

COLD_STARTS, CLICKS_ALONE, READERS, VERSIONS = 5, 40, 10, 50
TOGETHER_SECONDS, PUBLISHING_SECONDS = 120.0, 75.0
MOST_COLD, MOST_ALONE, MOST_TOGETHER = 3.0, 1.0, 2.0
"""Seconds: the first KPI, and the 95th percentile of a step of one reader and of ten."""
MOST_GROWTH = 1.1
"""Memory of the last third of the time over that of the second: flat, but for noise."""
STARTS_WITHIN_SECONDS = 60
Say = Callable[[str], None]


def run(scale: float = 1.0, say: Say = lambda text: None) -> dict[str, Any]:
    """All figures and whether each bar is met; `scale` is the share of rows, readers, clicks and time."""
    chromium = shutil.which("chromium") or shutil.which("chromium-browser")
    if chromium is None:
        raise SystemExit("bench dashboard: no chromium on the PATH; apt-get install chromium fonts-noto-cjk")
    with tempfile.TemporaryDirectory(prefix="luyue-bench-") as folder:
        say("a demo merchant and one run, or the folder that is ready")
        told = world.made(Path(folder), scale)
        figures: dict[str, Any] = {"machine": _machine(), "order_lines": world.order_lines(told)}
        figures |= asyncio.run(_measured(chromium, told, scale, say))
    figures["bars"] = _bars(figures)
    return figures | {"all_met": all(bar["is_met"] for bar in figures["bars"].values())}


def lines(figures: dict[str, Any]) -> list[str]:
    """The figures, one a line."""
    told = [f"{figures['order_lines']:,} order lines; {figures['machine']}"]
    told += [f"{name:<28} {bar['value']:>8} (at most {bar['most']}) {'met' if bar['is_met'] else 'NOT met'}"
             for name, bar in figures["bars"].items()]  # fmt: skip
    steps = ", ".join(f"{name} {count}" for name, count in figures["steps"].items())
    return [*told, f"steps: {steps}; versions shown: {figures['versions_shown']}", *figures["errors"][:5]]


async def _measured(chromium: str, told: Settings, scale: float, say: Say) -> dict[str, Any]:
    chance = random.Random(7)
    cold, alone, together, publishing = (clicks.Seen() for _ in range(4))
    async with clicks.browser(chromium) as browser:
        say("first KPI of a server just started")
        for _ in range(max(round(COLD_STARTS * scale), 1)):
            with served(told) as (url, _process):
                page = await clicks.reader(browser, url, cold)
                await page.context.close()
        with served(told) as (url, process):
            say("one reader")
            page = await clicks.reader(browser, url, alone)
            for at in range(max(round(CLICKS_ALONE * scale), 4)):
                if at % 2 or not await page.locator(".st-key-pick_channel").count():
                    await clicks.change_page(page, alone, chance)
                else:
                    await clicks.change_filter(page, alone, chance)
                await clicks.look(page, alone)
            await page.context.close()
            readers = max(round(READERS * scale), 2)
            say(f"{readers} readers")
            pages = [await clicks.reader(browser, url, together) for _ in range(readers)]
            memory = await _clicking(pages, url, together, max(TOGETHER_SECONDS * scale, 6), process)
            say(f"{readers} readers while versions are published")
            shown = publishing.indexes
            task = asyncio.create_task(
                _clicking(pages, url, publishing, max(PUBLISHING_SECONDS * scale, 6), process)
            )
            versions = max(round(VERSIONS * scale), 3)
            for number in range(versions):
                await asyncio.to_thread(world.publish_another, told, number)
                await asyncio.sleep(max(PUBLISHING_SECONDS * scale, 6) / versions / 2)
            await task
    return {
        "cold_seconds": cold.seconds["cold"],
        "alone_p95": _p95(alone),
        "together_p95": _p95(together),
        "publishing_p95": _p95(publishing),
        "memory_mb": memory,
        "steps": {
            "alone": _steps(alone),
            "together": _steps(together),
            "publishing": _steps(publishing),
            "versions": versions,
        },
        "versions_shown": len(shown),
        "errors": [*cold.errors, *alone.errors, *together.errors, *publishing.errors],
        "mixed": publishing.mixed,
    }


async def _clicking(
    pages: list[Any], url: str, seen: clicks.Seen, seconds: float, process: subprocess.Popen[bytes]
) -> list[int]:
    """All readers click for so long; the server's memory (MB), once a second."""
    ends, memory = time.monotonic() + seconds, []
    over = [
        asyncio.create_task(
            clicks.click_on(page, url, seen, lambda: time.monotonic() > ends, random.Random(at))
        )
        for at, page in enumerate(pages)
    ]
    while time.monotonic() < ends:
        memory.append(_memory_mb(process.pid))
        await asyncio.sleep(1)
    await asyncio.gather(*over)
    return memory


def _bars(figures: dict[str, Any]) -> dict[str, dict[str, Any]]:
    memory = figures["memory_mb"]
    third = max(len(memory) // 3, 1)
    growth = statistics.median(memory[-third:]) / statistics.median(memory[third : 2 * third] or memory)
    told = {
        "first KPI, cold (s)": (max(figures["cold_seconds"]), MOST_COLD),
        "one reader, p95 (s)": (figures["alone_p95"], MOST_ALONE),
        "ten readers, p95 (s)": (figures["together_p95"], MOST_TOGETHER),
        "while publishing, p95 (s)": (figures["publishing_p95"], MOST_TOGETHER),
        "memory, growth (times)": (growth, MOST_GROWTH),
        "errors": (len(figures["errors"]), 0),
        "pages of two versions": (len(figures["mixed"]), 0),
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


def _p95(seen: clicks.Seen) -> float:
    steps = sorted(seconds for kind, all_of in seen.seconds.items() if kind != "cold" for seconds in all_of)
    return round(steps[max(round(0.95 * len(steps)) - 1, 0)], 3) if steps else 0.0


def _steps(seen: clicks.Seen) -> int:
    return sum(len(all_of) for kind, all_of in seen.seconds.items() if kind != "cold")


def _memory_mb(pid: int) -> int:
    status = Path(f"/proc/{pid}/status").read_text("utf-8")
    return int(status.split("VmRSS:")[1].split()[0]) // 1024


def _machine() -> str:
    return f"{platform.machine()}, {os.cpu_count()} cores, Python {platform.python_version()}"
