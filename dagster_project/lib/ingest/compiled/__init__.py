"""What is done to every cell of a large file, compiled: cutting and mending lines, telling values apart,
reading times and amounts, writing JSON. The same results as the plain code has, in a fraction of the time.

It is worth its loading (0.2 s) from some 64 MB on; small files never load it. Whoever may use it asks
`is_loaded`.
"""

from __future__ import annotations

import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager

from dagster_project.lib.ingest.large_files import share_memory

WORTH_COMPILED_BYTES = 64 << 20
"""Compiled code reads a larger text sooner, its import included."""

_PLAIN: list[bool] = []


def load_ahead() -> None:
    """Loads compiled code, and what checks contracts, on a thread of its own: while a large file is digested,
    say, which holds no lock of Python's. A process that ends waits for it: loading must not be cut off."""
    if not is_loaded():
        share_memory()
        threading.Thread(target=_load).start()


def _load() -> None:
    from dagster_project.lib.ingest.compiled.loading import load_columns
    from dagster_project.lib.ingest.contracts.schema import validator

    load_columns()
    validator()


def is_loaded() -> bool:
    """Whether this process has loaded compiled code, so that it costs nothing more to use it."""
    return not _PLAIN and f"{__name__}.machine" in sys.modules


@contextmanager
def plainly() -> Iterator[None]:
    """Has plain code do what compiled code would, as in a process that never loads it."""
    _PLAIN.append(True)
    try:
        yield
    finally:
        _PLAIN.pop()
