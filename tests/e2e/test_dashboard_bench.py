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
        [LUYUE, "bench", "dashboard", "--scale", "0.02", "--json"],
        env={**os.environ, "LUYUE_BENCH_DATA": str(demo_run.data)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr[-2000:]
    figures = json.loads(done.stdout[done.stdout.index("{") :])
    few, many = figures["few"], figures["many"]
    assert figures["errors"] == []
    assert few["mixed"] == []
    assert 20_000 <= few["orders"] < 2 * 20_000
    assert 200_000 <= many["orders"] < 300_000
    assert few["versions_shown"] > 1
    assert min(few["steps"]["page"], many["steps"]["page"], few["together_steps"]["page"]) >= 2
    assert many["questions"]["asked"]["page"] == few["questions"]["asked"]["page"] > 80
    assert len(figures["bars"]) == 10
