"""A run killed in any stage, then run again, gives what an undisturbed run gives: and nothing hangs.

SIGKILL leaves no time to tidy up: what a killed run left behind (a claimed slot, a started run, a dbt that
writes on, half a file) is the next run's to put right.
"""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import time
from pathlib import Path

import pytest
from support import marts
from support.command import LUYUE, luyue
from support.demo_run import DemoRun

STAGES = ("prepare", "ingest", "addresses", "quality", "identity", "transform", "publish")
STARTUP_SECONDS = 240


def _killed_in(stage: str, data: Path, landing: Path) -> None:
    """Starts a run and kills it, not its children, as soon as it says that the stage began."""
    command = [str(LUYUE), "run", "--data", str(data), "--landing", str(landing)]
    env = {"PATH": "/usr/bin:/bin", "HOME": str(data), "LANG": "C.UTF-8"}
    log = data / "stderr.txt"
    with log.open("w") as sink:
        process = subprocess.Popen(command, env=env, stdout=subprocess.DEVNULL, stderr=sink)
        deadline = time.monotonic() + STARTUP_SECONDS
        try:
            while not _began(stage, log, data):
                assert process.poll() is None, f"ended before {stage}: {log.read_text()[-2000:]}"
                assert time.monotonic() < deadline, f"never came to {stage}: {log.read_text()[-2000:]}"
                time.sleep(0.02)
        finally:
            os.kill(process.pid, signal.SIGKILL)
            process.wait()


def _began(stage: str, log: Path, data: Path) -> bool:
    if stage == "dbt":  # dbt has the warehouse open and writes
        return (data / "warehouse.duckdb").exists() and (data / "warehouse.duckdb").stat().st_size > 1_000_000
    return any(line.split() == [stage, "started"] for line in log.read_text().splitlines())


@pytest.mark.long
@pytest.mark.timeout(900)
@pytest.mark.parametrize("stage", [*STAGES, "dbt"])
def test_killed_and_run_again_is_undisturbed(stage: str, demo_run: DemoRun, tmp_path: Path) -> None:
    """The same key gives the same tokens, so every mart can be compared row by row."""
    data = tmp_path / "data"
    data.mkdir()
    shutil.copytree(demo_run.data / "keys", data / "keys")
    _killed_in(stage, data, demo_run.data / "landing")
    run = ("run", "--data", data, "--landing", demo_run.data / "landing")
    again = luyue(*run, "--no-wait", cwd=tmp_path, timeout=600)
    assert again.code == 0, again.text[-4000:]
    if stage != "prepare":
        assert "was killed: marked failed" in again.err
    expected = marts.comparable(marts.read(marts.published_file(demo_run.data)))
    found = marts.comparable(marts.read(marts.published_file(data)))
    assert marts.differences(found, expected) == []
    assert "nothing is new" in luyue(*run, cwd=tmp_path).err
