"""dbt as a child that never outlives its run: what the script DATA/dbt/dbt executes.

A run that is killed cannot end its children; a dbt left behind would go on writing the warehouse. So the
child asks Linux to be killed with its parent, and on every system it holds a lock that the next run waits
for. It also answers `--version` without loading dbt, which dagster-dbt asks before each command.
"""

from __future__ import annotations

import os
import signal
import sys
from importlib.metadata import version
from pathlib import Path

from dagster_project.lib import lock

PARENT_DEATH_SIGNAL = 1
"""PR_SET_PDEATHSIG of Linux's prctl."""


def main() -> None:
    """`python -m dagster_project.lib.dbt_guard LOCK_FILE <dbt arguments>`."""
    lock_file, *arguments = sys.argv[1:]
    if arguments == ["--version"]:
        sys.stdout.write(f"Core:\n  - installed: {version('dbt-core')}\n")
        return
    _die_with_parent()
    with lock.hold(Path(lock_file), command="dbt"):
        from dbt.cli.main import cli

        sys.argv = ["dbt", *arguments]
        cli()


def _die_with_parent() -> None:
    if not sys.platform.startswith("linux"):
        return
    import ctypes

    ctypes.CDLL(None, use_errno=True).prctl(PARENT_DEATH_SIGNAL, signal.SIGKILL, 0, 0, 0)
    if os.getppid() == 1:
        sys.exit("dbt: the run that started this command has ended")


if __name__ == "__main__":
    main()
