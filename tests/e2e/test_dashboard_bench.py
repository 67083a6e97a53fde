"""The dashboard's bench at a quick look: it measures everything it says, without an error or a mixed page."""

from __future__ import annotations

import json
import os
import subprocess

import pytest
from support.command import LUYUE
from support.demo_run import DemoRun
from support.overview_visit import CHROMIUM

pytestmark = [pytest.mark.long, pytest.mark.browser, pytest.mark.timeout(600)]


def test_a_quick_look_gives_all_figures(demo_run: DemoRun) -> None:
    """Passes if readers click, versions are published meanwhile, and no page breaks or mixes two of them."""
    if CHROMIUM is None:
        pytest.skip("no chromium on the PATH; apt-get install chromium fonts-noto-cjk")
    done = subprocess.run(
        [LUYUE, "bench", "dashboard", "--scale", "0.05", "--json"],
        env={**os.environ, "LUYUE_BENCH_DATA": str(demo_run.data)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr[-2000:]
    figures = json.loads(done.stdout[done.stdout.index("{") :])
    assert figures["errors"] == []
    assert figures["mixed"] == []
    assert figures["order_lines"] > 3000
    assert figures["versions_shown"] > 1
    assert min(figures["steps"].values()) >= 3
