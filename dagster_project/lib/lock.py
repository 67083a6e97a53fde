"""The one-writer lock of a data folder: an operating-system lock on DATA/.lock, with a note of who holds it.

What the holder does with the folder does not belong here. The system frees the lock when the process ends,
however it ends; the note in the file is for people and is never trusted.
"""

from __future__ import annotations

import fcntl
import json
import os
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from dagster_project.lib.errors import LuyueError

POLL_SECONDS = 0.2
NOTE_BYTES = 4096


class LockBusyError(LuyueError):
    """Another process holds the lock, and the caller would not wait longer."""


@dataclass(frozen=True)
class Holder:
    """Who took the lock: process id, command line, and local time with its zone."""

    pid: int
    command: str
    since: str

    def __str__(self) -> str:
        return f"process {self.pid} (`{self.command}`, since {self.since})"


class _Held:
    """A lock that this process holds: its descriptor, and how many callers are inside."""

    def __init__(self, descriptor: int) -> None:
        self.descriptor = descriptor
        self.depth = 1


_held: dict[Path, _Held] = {}
_guard = threading.RLock()


@contextmanager
def hold(
    path: Path,
    *,
    wait_seconds: float | None = None,
    command: str | None = None,
    say: Callable[[str], None] | None = None,
) -> Iterator[None]:
    """Holds the lock at `path` inside the block; the file and its folder are made if they are missing.

    `wait_seconds`: None waits for ever, 0 not at all. `say` is told once who is waited for. Re-entrant within
    the process. Raises LockBusyError when the wait is over.
    """
    path = Path(os.path.abspath(path))  # noqa: PTH100 (resolve() would follow a link to another folder's lock)
    _enter(path, wait_seconds, command or _own_command(), say)
    try:
        yield
    finally:
        _leave(path)


def holder(path: Path) -> Holder | None:
    """Who holds the lock now, or None. Asks the system, not the note: a dead holder's note is ignored."""
    try:
        descriptor = os.open(path, os.O_RDWR)
    except FileNotFoundError:
        return None
    try:
        if Path(path).absolute() in _held:
            return _read_note(descriptor)
        try:
            fcntl.flock(descriptor, fcntl.LOCK_SH | fcntl.LOCK_NB)
        except BlockingIOError:
            return _read_note(descriptor)
        return None
    finally:
        os.close(descriptor)


def _enter(path: Path, wait_seconds: float | None, command: str, say: Callable[[str], None] | None) -> None:
    with _guard:
        if (held := _held.get(path)) is not None:
            held.depth += 1
            return
        path.parent.mkdir(parents=True, exist_ok=True)
        descriptor = os.open(path, os.O_RDWR | os.O_CREAT, 0o640)
        try:
            _acquire(descriptor, path, wait_seconds, say)
            _write_note(descriptor, command)
        except BaseException:
            os.close(descriptor)
            raise
        _held[path] = _Held(descriptor)


def _leave(path: Path) -> None:
    with _guard:
        held = _held[path]
        held.depth -= 1
        if held.depth == 0:
            del _held[path]
            os.ftruncate(held.descriptor, 0)
            os.close(held.descriptor)


def _acquire(
    descriptor: int, path: Path, wait_seconds: float | None, say: Callable[[str], None] | None
) -> None:
    started = time.monotonic()
    told = False
    while True:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
            return
        except BlockingIOError:
            who = _read_note(descriptor) or "another process"
        if wait_seconds is not None and time.monotonic() - started >= wait_seconds:
            raise LockBusyError(f"{path.parent} is in use by {who}: wait for it, or end it, and run again")
        if not told and say is not None:
            say(f"waiting for {who} to finish with {path.parent}")
            told = True
        time.sleep(POLL_SECONDS)


def _write_note(descriptor: int, command: str) -> None:
    since = datetime.now().astimezone().isoformat(sep=" ", timespec="seconds")
    note = json.dumps({"pid": os.getpid(), "command": command[:1000], "since": since}, ensure_ascii=False)
    os.ftruncate(descriptor, 0)
    os.pwrite(descriptor, note.encode(), 0)


def _read_note(descriptor: int) -> Holder | None:
    with suppress(ValueError, KeyError, TypeError):
        note = json.loads(os.pread(descriptor, NOTE_BYTES, 0))
        return Holder(int(note["pid"]), str(note["command"]), str(note["since"]))
    return None


def _own_command() -> str:
    return " ".join([Path(sys.argv[0]).name, *sys.argv[1:]])


def _forget_in_child() -> None:
    """A forked child must not keep the parent's lock alive when the parent is killed."""
    for held in _held.values():
        os.close(held.descriptor)
    _held.clear()


os.register_at_fork(after_in_child=_forget_in_child)
