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

from dagster_project.lib.ingest.compiled import WORTH_COMPILED_BYTES
from dagster_project.lib.ingest.readers.digests import batch_id_of, digest_of_file

BLOCK_BYTES = 16 << 20
"""Bytes of text that are read and judged at once: with 75 columns about 25,000 rows and 150 MB of memory."""
_LINE_SHARE, _LINE_BYTES = 8, 64 << 10
"""A block ends with a line if one ends in so small a part of it, and in so many bytes: then no line has to
be put together from two blocks."""
LEAST_LAST_BLOCK = 8
"""No last block is shorter, so that a character that the end cuts lies in one block whole."""


@dataclass(frozen=True)
class ByteSource:
    """A path or bytes, with the size of the blocks that they are read in."""

    of: Path | bytes
    block_bytes: int = BLOCK_BYTES
    compiled_from: int = WORTH_COMPILED_BYTES
    """The size from which on compiled code reads the bytes, if they are text."""

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
                wanted = left if left <= self.block_bytes + LEAST_LAST_BLOCK else self._to_line_end(stream)
                block = stream.read(wanted)
                left -= len(block)
                last = left <= 0 or len(block) < wanted
                yield block, last
                if last:
                    return

    def _to_line_end(self, stream: BinaryIO) -> int:
        """Bytes from here to the last line end of a block, else a whole block."""
        start, looked_at = stream.tell(), min(self.block_bytes // _LINE_SHARE, _LINE_BYTES)
        stream.seek(start + self.block_bytes - looked_at)
        end = stream.read(looked_at).rfind(b"\n") + 1
        stream.seek(start)
        return self.block_bytes - (looked_at - end if end else 0)


def digests(source: ByteSource, name: str) -> tuple[str, str]:
    """The batch id of these bytes as a file of the source `name`, and the SHA-256 of the bytes alone."""
    of = source.of
    content = hashlib.sha256(of).hexdigest() if isinstance(of, bytes) else digest_of_file(of)
    return batch_id_of(name, content), content
