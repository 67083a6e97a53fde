"""The benchmarks that `luyue bench` can run, by name: modules of benchmarks/ with a `run` and `lines`."""

from __future__ import annotations

import importlib
import sys
from types import ModuleType

from dagster_project.lib.errors import LuyueError
from dagster_project.settings import PROJECT_ROOT

_FOLDER = PROJECT_ROOT / "benchmarks"
_MARK = "def run(scale: float"


def names() -> list[str]:
    """Names of the benchmarks that stand beside this program; none where it was installed without them."""
    found = (path for path in sorted(_FOLDER.glob("*.py")) if _MARK in path.read_text(encoding="utf-8"))
    return [path.stem for path in found]


def load(name: str) -> ModuleType:
    """The benchmark's module. Raises LuyueError that names those there are."""
    known = names()
    if name not in known:
        told = ", ".join(known) or "none: run it from a checkout of the project"
        raise LuyueError(f"bench {name}: no such benchmark; there are: {told}")
    if str(PROJECT_ROOT) not in sys.path:
        sys.path.insert(0, str(PROJECT_ROOT))
    return importlib.import_module(f"benchmarks.{name}")
