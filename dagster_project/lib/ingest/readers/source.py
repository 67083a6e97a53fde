"""The bytes of one file, whole or block by block, from a path or from bytes at hand; and their digests.

What the bytes mean is no concern here.
"""

from __future__ import annotations

import hashlib
import io
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from dagster_project.lib.ingest.readers.digests import BATCH_ID_DIGITS

BLOCK_BYTES = 16 << 20
"""Bytes of text that are read and judged at once: with 75 columns about 25,000 rows and 150 MB of memory."""
LEAST_LAST_BLOCK = 8
"""No last block is shorter, so that a character that the end cuts lies in one block whole."""
_HASHED_BYTES = 1 << 20


@dataclass(frozen=True)
class ByteSource:
    """A path or bytes, with the size of the blocks that they are read in."""

    of: Path | bytes
    block_bytes: int = BLOCK_BYTES

    @property
    def size(self) -> int:
        return len(self.of) if isinstance(self.of, bytes) else self.of.stat().st_size

    @property
    def in_one_block(self) -> bool:
        return self.size <= self.block_bytes + LEAST_LAST_BLOCK

    def open(self) -> BinaryIO:
        """A readable stream from the first byte."""
        return io.BytesIO(self.of) if isinstance(self.of, bytes) else self.of.open("rb")

    def head(self, count: int) -> bytes:
        """The first bytes."""
        with self.open() as stream:
            return stream.read(count)

    def whole(self) -> bytes:
        """All bytes, in memory."""
        return self.of if isinstance(self.of, bytes) else self.of.read_bytes()

    def blocks(self) -> Iterator[tuple[bytes, bool]]:
        """The blocks in order, each with whether it is the last; there is always one."""
        if self.in_one_block:
            yield self.whole(), True
            return
        left = self.size
        with self.open() as stream:
            while True:
                wanted = left if left <= self.block_bytes + LEAST_LAST_BLOCK else self.block_bytes
                block = stream.read(wanted)
                left -= len(block)
                last = left <= 0 or len(block) < wanted
                yield block, last
                if last:
                    return


def digests(source: ByteSource, name: str) -> tuple[str, str]:
    """The batch id of these bytes as a file of the source `name`, and the SHA-256 of the bytes alone."""
    batch, content = hashlib.sha256(name.encode() + b"\0"), hashlib.sha256()
    with source.open() as stream:
        while chunk := stream.read(_HASHED_BYTES):
            batch.update(chunk)
            content.update(chunk)
    return batch.hexdigest()[:BATCH_ID_DIGITS], content.hexdigest()
