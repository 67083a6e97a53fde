"""Worker processes that take files, and the pool that asks them: pickled tasks in, pickled results out.

A worker ends as soon as its standard input does, so it dies with the process that started it, however that
dies, and writes nothing afterwards. It is started as a module of its own, the same on every system, and gets
the vault's key through its pipe, never by its arguments or environment.
"""

from __future__ import annotations

import os
import pickle
import queue
import signal
import subprocess
import sys
import threading
from types import TracebackType
from typing import Any

from dagster_project.lib.errors import LuyueError
from dagster_project.lib.ingest.origin import Origin
from dagster_project.lib.ingest.scanning import FoundFile
from dagster_project.lib.ingest.store import Store
from dagster_project.lib.ingest.take_one import Taken, take_one
from identity.vault import VaultKey

_MODULE = "dagster_project.lib.ingest.worker"
_WAIT_SECONDS = 10


class _Worker:
    """One process and its two pipes."""

    def __init__(self, threads: int, store: Store, key: VaultKey) -> None:
        path = os.pathsep.join(entry or os.curdir for entry in sys.path)
        self._process = subprocess.Popen(
            [sys.executable, "-m", _MODULE],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            env={**os.environ, "POLARS_MAX_THREADS": str(threads), "PYTHONPATH": path},
        )
        self._send((store, key))

    def take(self, file: FoundFile, origin: Origin) -> Taken:
        """Has the file taken. Raises what the taking raised, LuyueError where the process ended."""
        try:
            self._send((file, origin))
            assert self._process.stdout is not None
            taken, error = pickle.load(self._process.stdout)
        except (EOFError, BrokenPipeError) as ended:
            raise LuyueError(
                f"{file.source_file}: the process that read it ended with code {self._process.wait()}; "
                "most often the machine ran out of memory; run again with fewer or smaller files"
            ) from ended
        if error is not None:
            raise error
        assert isinstance(taken, Taken)
        return taken

    def end(self) -> None:
        """Ends the process, in the middle of a file too."""
        for pipe in (self._process.stdin, self._process.stdout):
            assert pipe is not None
            try:
                pipe.close()
            except BrokenPipeError:
                continue
        try:
            self._process.wait(_WAIT_SECONDS)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()

    def _send(self, message: Any) -> None:  # noqa: ANN401 — whatever the other side expects next
        assert self._process.stdin is not None
        pickle.dump(message, self._process.stdin, pickle.HIGHEST_PROTOCOL)
        self._process.stdin.flush()


class WorkerPool:
    """A few workers that share the cores; each takes one file at a time."""

    def __init__(self, count: int, store: Store, key: VaultKey) -> None:
        threads = max((os.cpu_count() or 1) // count, 1)
        self._workers = [_Worker(threads, store, key) for _ in range(count)]
        self._idle: queue.SimpleQueue[_Worker] = queue.SimpleQueue()
        for worker in self._workers:
            self._idle.put(worker)

    def take(self, file: FoundFile, origin: Origin) -> Taken:
        """Has an idle worker take the file; waits for one. Safe from several threads."""
        worker = self._idle.get()
        try:
            return worker.take(file, origin)
        finally:
            self._idle.put(worker)

    def __enter__(self) -> WorkerPool:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        for worker in self._workers:
            worker.end()


def main() -> None:
    """The worker's side: takes files until its standard input ends."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    results = os.fdopen(os.dup(sys.stdout.fileno()), "wb")
    os.dup2(sys.stderr.fileno(), sys.stdout.fileno())
    inbox: queue.SimpleQueue[Any] = queue.SimpleQueue()
    threading.Thread(target=_receive, args=(inbox,), daemon=True).start()
    store, key = inbox.get()
    while True:
        file, origin = inbox.get()
        result: tuple[Taken | None, BaseException | None]
        try:
            result = (take_one(file, origin, store, key), None)
        except Exception as error:
            result = (None, error)
        pickle.dump(result, results, pickle.HIGHEST_PROTOCOL)
        results.flush()


def _receive(inbox: queue.SimpleQueue[Any]) -> None:
    """Passes messages on; the end of the input ends the process at once."""
    while True:
        try:
            inbox.put(pickle.load(sys.stdin.buffer))
        except (EOFError, pickle.UnpicklingError):
            os._exit(0)


if __name__ == "__main__":
    main()
