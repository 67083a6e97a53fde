"""Which runs are alive: each holds a lock of its own, so that a dead run can be told from one that waits.

What is done about a dead run does not belong here.
"""

from __future__ import annotations

from contextlib import AbstractContextManager
from pathlib import Path

from dagster_project.lib import lock

_FOLDER = "alive"


def mark(home: Path, dagster_run_id: str) -> AbstractContextManager[None]:
    """Holds the mark of a run inside the block; `home` is the Dagster home of its data folder."""
    return lock.hold(home / _FOLDER / dagster_run_id, wait_seconds=0, command=f"run {dagster_run_id}")


def is_alive(home: Path, dagster_run_id: str) -> bool:
    """Whether a process of this machine holds the run's mark now."""
    return lock.holder(home / _FOLDER / dagster_run_id) is not None


def was_marked(home: Path, dagster_run_id: str) -> bool:
    """Whether the run ever got as far as holding its mark."""
    return (home / _FOLDER / dagster_run_id).exists()


def forget(home: Path, dagster_run_id: str) -> None:
    """Removes the mark of a run that has ended."""
    (home / _FOLDER / dagster_run_id).unlink(missing_ok=True)
