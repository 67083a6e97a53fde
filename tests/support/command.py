"""Runs `luyue` as a user does: a process of its own, the environment of a stranger, its lines and exit code.

Nothing is imported from the program, so that what is tested is what is installed.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

BIN = Path(sys.executable).parent
LUYUE = BIN / "luyue"


@dataclass(frozen=True)
class Done:
    """What a command left: exit code, both streams."""

    code: int
    out: str
    err: str

    @property
    def json(self) -> Any:  # noqa: ANN401 (whatever the command printed)
        """The JSON document that the command printed last."""
        return json.loads(self.out[self.out.index("{") if "{" in self.out else 0 :])

    @property
    def text(self) -> str:
        """Both streams, for looking a line up."""
        return self.out + self.err


def luyue(*arguments: str | Path, cwd: Path, home: Path | None = None, timeout: float = 500) -> Done:
    """Runs `luyue` with `arguments` in the folder `cwd`, with no setting but those of the command line."""
    command = [str(LUYUE), *(str(argument) for argument in arguments)]
    env = {
        "PATH": f"{BIN}{os.pathsep}/usr/local/bin:/usr/bin:/bin",
        "HOME": str(home or cwd),
        "LANG": "C.UTF-8",
        "DO_NOT_TRACK": "1",
        "LUYUE_BRIEF": "html",  # its pictures cost seconds a run; test_brief.py takes them
    }
    done = subprocess.run(
        command, cwd=cwd, env=env, capture_output=True, text=True, check=False, timeout=timeout
    )
    return Done(done.returncode, done.stdout, done.stderr)


def run(data: Path, *arguments: str | Path, timeout: float = 500) -> dict[str, Any]:
    """`luyue run --data DATA --json`: the run's facts. AssertionError with the streams if it failed."""
    done = luyue("run", "--data", data, "--json", *arguments, cwd=data.parent, timeout=timeout)
    assert done.code == 0, f"luyue run ended with {done.code}:\n{done.out[-3000:]}\n{done.err[-6000:]}"
    return dict(done.json)
