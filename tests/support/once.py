"""Work that all workers of a test session share: done by whichever asks first, waited for by the others."""

from __future__ import annotations

import fcntl
import json
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any


def made_once(parent: Path, name: str, make: Callable[[Path], Any]) -> tuple[Path, Any]:
    """The folder parent/name, filled by `make(folder)`, and what that returned (JSON values only).

    Half-made folders are made again. Raises whatever `make` raises.
    """
    folder, result = parent / name, parent / f"{name}.json"
    with (parent / f"{name}.lock").open("w") as handle:
        fcntl.flock(handle, fcntl.LOCK_EX)
        if not result.exists():
            shutil.rmtree(folder, ignore_errors=True)
            folder.mkdir(parents=True)
            result.write_text(json.dumps(make(folder)), "utf-8")
        return folder, json.loads(result.read_text("utf-8"))
