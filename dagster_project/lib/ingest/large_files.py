"""How a process is set while it digests and reads large files; afterwards it is as before.

What is read, and what comes of it, belongs to the readers.
"""

from __future__ import annotations

import ctypes
import sys
from collections.abc import Callable
from functools import partial
from threading import Lock
from types import TracebackType

_TURN_SECONDS = 0.0005
"""How long a thread may keep Python's lock while others wait for it; Python's own is 5 ms. Threads that
digest, cut, type and compress hold no lock, but each needs it for a moment between two pieces."""
_TRIM_THRESHOLD, _MMAP_THRESHOLD, _MOST_ARENAS = -1, -3, -8
"""Parameters of glibc's `mallopt`."""
_KEPT_BYTES = 1 << 30
_USUAL_BYTES = 32 << 20
"""What glibc comes to by itself where large buffers are freed."""
Undo = Callable[[], None]


class Setting:
    """A setting of the process, as a context: made by the first thread that enters, undone by the last that
    leaves."""

    def __init__(self, make: Callable[[], Undo]) -> None:
        self._make, self._lock, self._entered = make, Lock(), 0
        self._undo: Undo | None = None

    def __enter__(self) -> None:
        with self._lock:
            if not self._entered:
                self._undo = self._make()
            self._entered += 1

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        with self._lock:
            self._entered -= 1
            if not self._entered and self._undo is not None:
                self._undo()


def _quicken() -> Undo:
    undo = partial(sys.setswitchinterval, sys.getswitchinterval())
    sys.setswitchinterval(_TURN_SECONDS)
    return undo


def _keep() -> Undo:
    import pyarrow as pa

    pool = pa.default_memory_pool()
    _allocate(_KEPT_BYTES)
    pa.set_memory_pool(pa.system_memory_pool())

    def undo() -> None:
        pa.set_memory_pool(pool)
        _allocate(_USUAL_BYTES)

    return undo


def share_memory() -> None:
    """Has threads that begin from now on share the memory that they free: with one heap for each, of 64 MB at
    most, none is kept long enough for the next block."""
    if (libc := _glibc()) is not None:
        libc.mallopt(_MOST_ARENAS, 1)


def _allocate(kept: int) -> None:
    """Keeps up to so many freed bytes, and gives back what is kept besides."""
    if (libc := _glibc()) is not None:
        libc.mallopt(_MMAP_THRESHOLD, kept)
        libc.mallopt(_TRIM_THRESHOLD, kept)
        libc.malloc_trim(ctypes.c_size_t(0))


def _glibc() -> ctypes.CDLL | None:
    """Where memory is allocated by it; elsewhere nothing is set."""
    try:
        libc = ctypes.CDLL("libc.so.6")
    except OSError:
        return None
    return libc if hasattr(libc, "mallopt") and hasattr(libc, "malloc_trim") else None


quick_turns = Setting(_quicken)
"""Threads hand Python's lock to each other quickly."""
kept_memory = Setting(_keep)
"""Memory that is freed is kept for the next block, Arrow's too. A block needs several buffers of some thirty
megabytes for a moment; the system would hand each out anew, page by page and filled with zeros."""
