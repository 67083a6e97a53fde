"""One writer a data folder: a second process waits or is told who holds it; a killed one holds nothing."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from dagster_project.lib import lock

HOLDER = """
import sys, time
from pathlib import Path
from dagster_project.lib import lock
with lock.hold(Path(sys.argv[1]), command="luyue run --data x"):
    print("held", flush=True)
    time.sleep(60)
"""


@contextmanager
def _other_process(path: Path) -> Iterator[subprocess.Popen[str]]:
    process = subprocess.Popen([sys.executable, "-c", HOLDER, str(path)], stdout=subprocess.PIPE, text=True)
    assert process.stdout is not None
    assert process.stdout.readline() == "held\n"
    try:
        yield process
    finally:
        process.kill()
        process.communicate()


def test_second_process_is_told_who_holds_it(tmp_path: Path) -> None:
    path = tmp_path / ".lock"
    with (
        _other_process(path) as other,
        pytest.raises(lock.LockBusyError, match=rf"process {other.pid} \(`luyue run --data x`, since 20"),
        lock.hold(path, wait_seconds=0),
    ):
        pytest.fail("two processes hold the lock")


def test_waiting_says_so_once_and_ends_when_the_holder_is_killed(tmp_path: Path) -> None:
    path = tmp_path / ".lock"
    said: list[str] = []
    with _other_process(path) as other:

        def kill_it(text: str) -> None:
            said.append(text)
            os.kill(other.pid, signal.SIGKILL)

        with lock.hold(path, wait_seconds=30, say=kill_it):
            holder = lock.holder(path)
    assert len(said) == 1
    assert str(other.pid) in said[0]
    assert holder is not None
    assert holder.pid == os.getpid()


def test_wait_is_bounded(tmp_path: Path) -> None:
    path = tmp_path / ".lock"
    with _other_process(path):
        started = time.monotonic()
        with pytest.raises(lock.LockBusyError), lock.hold(path, wait_seconds=0.3):
            pytest.fail("two processes hold the lock")
        assert time.monotonic() - started < 5


def test_reentrant_within_the_process(tmp_path: Path) -> None:
    path = tmp_path / "data" / ".lock"
    with lock.hold(path):
        with lock.hold(path, wait_seconds=0):
            pass
        assert lock.holder(path) is not None, "the inner block must not free the outer one's lock"
    assert lock.holder(path) is None


def test_note_of_a_dead_holder_is_not_believed(tmp_path: Path) -> None:
    path = tmp_path / ".lock"
    path.write_text('{"pid": 1, "command": "luyue run", "since": "yesterday"}')
    assert lock.holder(path) is None
    with lock.hold(path, wait_seconds=0):
        pass


def test_no_lock_file_means_no_holder(tmp_path: Path) -> None:
    assert lock.holder(tmp_path / ".lock") is None


def test_forked_child_does_not_keep_the_lock(tmp_path: Path) -> None:
    """A worker that outlives its killed parent would otherwise block the folder for ever."""
    path = tmp_path / ".lock"
    script = f"""
import os, sys, time
from pathlib import Path
from dagster_project.lib import lock
with lock.hold(Path({str(path)!r})):
    if (child := os.fork()) == 0:
        os.close(1)
        time.sleep(60)
        os._exit(0)
    print(child, flush=True)
    os.kill(os.getpid(), 9)
"""
    done = subprocess.run([sys.executable, "-c", script], stdout=subprocess.PIPE, text=True, check=False)
    child = int(done.stdout)
    try:
        os.kill(child, 0)
        assert lock.holder(path) is None
    finally:
        os.kill(child, signal.SIGKILL)
