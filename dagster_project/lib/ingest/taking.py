"""Files → written batches, on a few threads, handed back in the order they were given. Nothing is committed
here."""

from __future__ import annotations

import hashlib
from collections import deque
from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass

from dagster_project.lib.ingest.batch import Batch, Origin, build_batch
from dagster_project.lib.ingest.scanning import FoundFile, batch_id_of
from dagster_project.lib.ingest.store import Store
from identity.vault import VaultKey

THREADS = 2
READ_AHEAD = 4
"""Files that may be read before the first of them is committed."""


@dataclass(frozen=True)
class Taken:
    """One file, and what became of it."""

    file: FoundFile
    batch: Batch | None
    """Null where the file changed while it was read: the next run takes it."""
    content_sha256: str


def take(files: list[tuple[FoundFile, Origin]], store: Store, key: VaultKey) -> Iterator[Taken]:
    """Builds and writes the batches on a few threads; hands them back in order."""
    waiting: deque[Future[Taken]] = deque()
    with ThreadPoolExecutor(THREADS) as pool:
        for file, origin in files:
            waiting.append(pool.submit(_take_one, file, origin, store, key))
            if len(waiting) >= READ_AHEAD:
                yield waiting.popleft().result()
        while waiting:
            yield waiting.popleft().result()


def _take_one(file: FoundFile, origin: Origin, store: Store, key: VaultKey) -> Taken:
    try:
        data = file.path.read_bytes()
    except FileNotFoundError:
        return Taken(file, None, "")
    if batch_id_of(file.source, data) != file.batch_id:
        return Taken(file, None, "")
    batch = build_batch(data, origin, key)
    store.write_rows(batch)
    batch.lake = batch.vault = batch.quarantine = batch.quarantine_vault = None
    return Taken(file, batch, hashlib.sha256(data).hexdigest())
