"""One file → its written batch, proven to be the file that was found. Nothing is committed here."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

from dagster_project.lib.ingest.batch_facts import Batch
from dagster_project.lib.ingest.batch_writer import Behind
from dagster_project.lib.ingest.building import build
from dagster_project.lib.ingest.large_files import kept_memory, quick_turns
from dagster_project.lib.ingest.origin import Origin
from dagster_project.lib.ingest.readers.digests import Stand
from dagster_project.lib.ingest.readers.source import ByteSource, digests
from dagster_project.lib.ingest.scanning import FoundFile
from dagster_project.lib.ingest.store import Store
from identity.vault import VaultKey


@dataclass(frozen=True)
class Taken:
    """One file, and what became of it."""

    file: FoundFile
    batch: Batch | None
    """Null where the file changed while it was read: the next run takes it."""
    content_sha256: str


def take_one(file: FoundFile, origin: Origin, store: Store, key: VaultKey) -> Taken:
    """Builds and writes the batch of a file. One that is gone, or is no longer what was found, is left."""
    try:
        source = ByteSource(file.path)
        if source.in_one_block:
            return _take_small(file, origin, store, key)
        if source.size < source.compiled_from:
            return _take_large(file, source, origin, store, key)
        with quick_turns, kept_memory:
            return _take_large(file, source, origin, store, key)
    except FileNotFoundError:
        if file.path.exists():
            raise
        return Taken(file, None, "")


def _take_small(file: FoundFile, origin: Origin, store: Store, key: VaultKey) -> Taken:
    """The bytes are read once, so that what is digested is what is written."""
    data = ByteSource(file.path.read_bytes())
    batch_id, content = digests(data, file.source)
    if batch_id != file.batch_id:
        return Taken(file, None, "")
    with store.writer(origin) as writer:
        batch = build(data, origin, key, writer)
        writer.close()
    return Taken(file, batch, content)


def _take_large(file: FoundFile, source: ByteSource, origin: Origin, store: Store, key: VaultKey) -> Taken:
    """The bytes are digested beside the reading, unless the file stands as when it was digested before; one
    that changed meanwhile is left."""
    before = Stand.of(file.path.stat())
    with ThreadPoolExecutor(1) as pool, store.writer(origin) as writer, Behind(writer) as behind:
        digested = None if before == file.stand else pool.submit(digests, source, file.source)
        batch = build(source, origin, key, behind)
        behind.wait()
        batch_id, content = digested.result() if digested else (file.batch_id, file.content_sha256)
        if batch_id != file.batch_id or before != Stand.of(file.path.stat()):
            return Taken(file, None, "")
        writer.close()
    return Taken(file, batch, content)
