"""`luyue` called inside the test's own process: as quick as a function call, the same options and exit codes.

What a user's shell sees (a process of its own, a stranger's environment) is support.command.
"""

from __future__ import annotations

import contextlib
import io
import sys
from pathlib import Path
from unittest import mock

from support.command import Done


def luyue(*arguments: str | Path) -> Done:
    """Runs the command line; what it printed and the exit code."""
    from dagster_project.cli import main

    out, err = io.StringIO(), io.StringIO()
    code = 0
    argv = ["luyue", *(str(argument) for argument in arguments)]
    with (
        mock.patch.object(sys, "argv", argv),
        contextlib.redirect_stdout(out),
        contextlib.redirect_stderr(err),
    ):
        try:
            main()
        except SystemExit as ended:
            code = int(ended.code or 0)
    return Done(code, out.getvalue(), err.getvalue())
