"""One file → one batch with its rows, in memory: for small files, dry runs and tests.

Ingestion itself writes the parts of a batch as they come (taking.py) and never holds a file whole.
"""

from __future__ import annotations

from dataclasses import dataclass

import polars as pl

from dagster_project.lib.ingest.batch_facts import Batch as BatchFacts
from dagster_project.lib.ingest.building import build
from dagster_project.lib.ingest.chunk import Part
from dagster_project.lib.ingest.origin import Origin
from dagster_project.lib.ingest.readers.source import ByteSource
from identity.vault import VaultKey

__all__ = ["Batch", "Origin", "build_batch"]


@dataclass
class Batch(BatchFacts):
    """What became of one file, with its rows, ready to be written; refused files have no lake. The vault has
    one row per token."""

    lake: pl.DataFrame | None = None
    vault: pl.DataFrame | None = None
    quarantine: pl.DataFrame | None = None
    quarantine_vault: pl.DataFrame | None = None

    @property
    def part(self) -> Part:
        """The rows."""
        return Part(self.lake, self.vault, self.quarantine, self.quarantine_vault)


class _Memory:
    """A sink that keeps the parts."""

    def __init__(self) -> None:
        self.parts: list[Part] = []

    def put(self, part: Part) -> None:
        self.parts.append(part)

    def discard(self) -> None:
        self.parts.clear()

    def joined(self, name: str) -> pl.DataFrame | None:
        """The rows of all parts."""
        frames = [frame for part in self.parts if (frame := getattr(part, name)) is not None]
        return pl.concat(frames) if frames else None


def build_batch(data: bytes | ByteSource, origin: Origin, key: VaultKey) -> Batch:
    """The batch of one file. A file that cannot be taken comes back with `refusal` set, never raised."""
    memory = _Memory()
    facts = build(ByteSource(data) if isinstance(data, bytes) else data, origin, key, memory)
    batch = Batch(**vars(facts))
    batch.lake, batch.quarantine = memory.joined("lake"), memory.joined("quarantine")
    batch.vault, batch.quarantine_vault = memory.joined("vault"), memory.joined("quarantine_vault")
    if batch.vault is not None:
        batch.vault = batch.vault.unique("token", keep="first", maintain_order=True)
    return batch
