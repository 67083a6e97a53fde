"""dbt as a child that never outlives its run: what the script DATA/dbt/dbt executes.

A run that is killed cannot end its children; a dbt left behind would go on writing the warehouse. So the
child asks Linux to be killed with its parent, and on every system it holds a lock that the next run waits
for. It answers `--version`, which dagster-dbt asks before each command, without loading dbt; and it writes
the results itself, since dbt's own switch for that also writes the whole manifest, twice; and it keeps dbt
from making lines that nobody reads. It stands in the data folder and names the warehouse from there: a path
of its own would be another profile to dbt, and the project parsed anew.
"""

from __future__ import annotations

import os
import signal
import sys
from collections.abc import Callable
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

from dagster_project.lib import lock

if TYPE_CHECKING:
    from dbt_common.events.base_types import EventMsg

PARENT_DEATH_SIGNAL = 1
"""PR_SET_PDEATHSIG of Linux's prctl."""


def main() -> None:
    """`python -m dagster_project.lib.dbt_guard DATA LOCK_FILE RESULTS_FILE <dbt arguments>`."""
    data, lock_file, results_file, *arguments = sys.argv[1:]
    if arguments == ["--version"]:
        sys.stdout.write(f"Core:\n  - installed: {version('dbt-core')}\n")
        return
    _die_with_parent()
    os.chdir(data)
    with lock.hold(Path(lock_file), command="dbt"):
        sys.exit(_invoke(arguments, Path(results_file)))


def _invoke(arguments: list[str], results: Path) -> int:
    """Runs dbt; its exit code: 1 if a node failed, 2 if dbt did."""
    from dbt.artifacts.schemas.run import RunExecutionResult
    from dbt.cli.main import dbtRunner

    done = dbtRunner(callbacks=[_without_unread_lines()]).invoke(arguments)
    if isinstance(done.result, RunExecutionResult):
        done.result.write(str(results))
    if done.exception is not None:
        sys.stderr.write(f"dbt: {done.exception}\n")
        return 2
    return 0 if done.success else 1


def _without_unread_lines() -> Callable[[EventMsg], None]:
    """A callback of dbt's events: from the first on, its loggers make no line of events below their level.

    dbt makes the line first, for Dagster in JSON, and drops it then: of 8,300 events a build nearly all.
    """
    from dbt_common.events.event_manager_client import get_event_manager

    spared: list[Any] = []

    def spare(_: EventMsg) -> None:
        if not spared:
            for logger in cast("Any", get_event_manager()).loggers:
                spared.append(logger)
                if logger.level.value != "debug":
                    logger.filter = _above_debug(logger.filter)

    return spare


def _above_debug(wanted: Callable[[EventMsg], bool]) -> Callable[[EventMsg], bool]:
    return lambda event: event.info.level != "debug" and wanted(event)


def _die_with_parent() -> None:
    if not sys.platform.startswith("linux"):
        return
    import ctypes

    ctypes.CDLL(None, use_errno=True).prctl(PARENT_DEATH_SIGNAL, signal.SIGKILL, 0, 0, 0)
    if os.getppid() == 1:
        sys.exit("dbt: the run that started this command has ended")


if __name__ == "__main__":
    main()
