"""The files of one batch while they grow, part by part, under temporary names.

Where they stand is the store's knowledge; the ledger entry that makes them count is written by it alone.
"""

from __future__ import annotations

from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path
from types import TracebackType

import polars as pl

from dagster_project.lib.ingest.chunk import Part
from identity import vault
from identity.growing_parquet import GrowingParquet

_ORDER = ("vault", "quarantine_vault", "quarantine", "lake")


class BatchWriter:
    """A sink whose parts become row groups. Personal values are encrypted."""

    def __init__(self, key: vault.VaultKey, **paths: Path) -> None:
        """`paths` of the four files, named like the fields of a part."""
        self._key, self._paths = key, paths
        self._files: dict[str, GrowingParquet] = {}

    def put(self, part: Part) -> None:
        """Writes the rows of a part; a vault frame without rows, and null, write nothing."""
        for name in _ORDER:
            frame: pl.DataFrame | None = getattr(part, name)
            if frame is None or (name == "vault" and not frame.height):
                continue
            if name not in self._files:
                self._files[name] = self._open(name)
            self._files[name].write(frame)

    def discard(self) -> None:
        """Removes all that was written."""
        for file in self._files.values():
            file.abandon()
        self._files.clear()

    def close(self) -> None:
        """Gives the files their names."""
        for name in _ORDER:
            if name in self._files:
                self._files.pop(name).close()

    def _open(self, name: str) -> GrowingParquet:
        if name.endswith("vault"):
            return vault.growing(self._paths[name], self._key)
        return GrowingParquet(self._paths[name])

    def __enter__(self) -> BatchWriter:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.discard()


class Behind:
    """The same sink on a thread of its own: a part is written while the next one is made."""

    def __init__(self, writer: BatchWriter) -> None:
        self._writer = writer
        self._pool = ThreadPoolExecutor(1)
        self._last: Future[None] | None = None

    def put(self, part: Part) -> None:
        """Waits for the part before, then returns at once."""
        self.wait()
        self._last = self._pool.submit(self._writer.put, part)

    def discard(self) -> None:
        """Removes all that was written."""
        self.wait()
        self._writer.discard()

    def wait(self) -> None:
        """Returns once the last part is written. Raises what its writing raised."""
        last, self._last = self._last, None
        if last is not None:
            last.result()

    def __enter__(self) -> Behind:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._pool.shutdown(wait=True)
