"""Files → written batches, in the order they were given, on the cores there are. Nothing is committed here.

A few files are taken on threads of this process. Where the bytes are worth their start, worker processes
(worker.py) take them: Python holds its threads back from each other, processes it does not.
"""

from __future__ import annotations

import os
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor

from dagster_project.lib.ingest.origin import Origin
from dagster_project.lib.ingest.scanning import FoundFile
from dagster_project.lib.ingest.store import Store
from dagster_project.lib.ingest.take_one import Taken, take_one
from dagster_project.lib.ingest.worker import WorkerPool
from identity.vault import VaultKey

__all__ = ["Taken", "take"]

THREADS = 2
MOST_WORKERS = 4
"""Each may hold about 500 MB while it reads a file that is larger than a block."""
WORTH_WORKERS_BYTES = 48 << 20
"""Fewer bytes are read sooner than two workers start, which takes about a second."""
LEAST_FILE_BYTES = 512 << 10
"""What the smallest file counts: whatever is in it, it takes some 30 ms."""
READ_AHEAD = 4
"""Files for each thread or worker that may be read before the first of them is committed."""
Task = tuple[FoundFile, Origin]


def take(files: Sequence[Task], store: Store, key: VaultKey) -> Iterator[Taken]:
    """Builds and writes the batches; hands them back in order. Raises LuyueError where a worker ended before
    its file was taken."""
    workers = worker_count([file.size for file, _ in files])
    if workers:
        with WorkerPool(workers, store, key) as pool:
            yield from _in_order(files, workers, pool.take)
    else:
        yield from _in_order(files, THREADS, lambda file, origin: take_one(file, origin, store, key))


def worker_count(sizes: Sequence[int], cores: int | None = None) -> int:
    """How many worker processes these files are worth; 0 for none."""
    cores = cores or os.cpu_count() or 1
    worth = sum(max(size, LEAST_FILE_BYTES) for size in sizes)
    if cores == 1 or len(sizes) == 1 or worth < WORTH_WORKERS_BYTES:
        return 0
    return min(cores, MOST_WORKERS, len(sizes))


def _in_order(
    files: Sequence[Task], threads: int, take_file: Callable[[FoundFile, Origin], Taken]
) -> Iterator[Taken]:
    waiting: deque[Future[Taken]] = deque()
    with ThreadPoolExecutor(threads) as pool:
        try:
            for file, origin in files:
                waiting.append(pool.submit(take_file, file, origin))
                if len(waiting) >= threads * READ_AHEAD:
                    yield waiting.popleft().result()
            while waiting:
                yield waiting.popleft().result()
        finally:
            for future in waiting:
                future.cancel()
