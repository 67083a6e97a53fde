"""SHA-256 of a file's bytes, taken once: what the batch is called, and the content's own digest.

A digest holds for a later reading only where the file provably stood still from before it was digested until
after it was read: same file, size and times, and times that were old enough to tell a change.
"""

from __future__ import annotations

import hashlib
import os
import time
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

BATCH_ID_DIGITS = 16
_CHUNK_BYTES = 1 << 20
_WORTH_TWO_DIGESTS_BYTES = 16 << 20
"""A larger file is digested for its content too when it is found, on a second core; a smaller one is when it
is taken, from the bytes that are."""
_TELLING_NS = 2_000_000_000
"""Coarsest step of a file system's clock: within it a second change may leave the times as they are."""
_REMEMBERED = 65_536
"""Files whose digests a process remembers."""


@dataclass(frozen=True)
class Stand:
    """What changes when a file is written to or replaced. Times in nanoseconds."""

    device: int
    inode: int
    size: int
    mtime_ns: int
    ctime_ns: int

    @classmethod
    def of(cls, stat: os.stat_result) -> Stand:
        return cls(stat.st_dev, stat.st_ino, stat.st_size, stat.st_mtime_ns, stat.st_ctime_ns)

    def is_telling(self, now: float) -> bool:
        """Whether any write from `now` (POSIX seconds) on gives the file other times."""
        return max(self.mtime_ns, self.ctime_ns) < now * 1e9 - _TELLING_NS


@dataclass(frozen=True)
class Digests:
    """Of one file. `content_sha256` is empty and `stand` null where the file is small, or its stand would not
    tell a change."""

    batch_id: str
    content_sha256: str = ""
    stand: Stand | None = None


@lru_cache(maxsize=_REMEMBERED)
def digests_of(source: str, path: Path, stand: Stand) -> Digests:
    """The digests of a file that stood so a moment ago, as a file of a source: a run asks more than once, and
    reads the file once."""
    if stand.size <= _WORTH_TWO_DIGESTS_BYTES or not stand.is_telling(time.time()):
        return Digests(batch_id_of_file(source, path))
    from concurrent.futures import ThreadPoolExecutor

    with ThreadPoolExecutor(1) as second:
        content = second.submit(_digest, path)
        batch_id = batch_id_of_file(source, path)
        content_sha256 = content.result()
    stood = Stand.of(path.stat()) == stand
    return Digests(batch_id, content_sha256, stand) if stood else Digests(batch_id)


def batch_id_of_file(source: str, path: Path) -> str:
    """First 16 hex digits of SHA-256 over source, NUL and the file's bytes."""
    return _digest(path, source.encode() + b"\0")[:BATCH_ID_DIGITS]


def _digest(path: Path, before: bytes = b"") -> str:
    digest = hashlib.sha256(before)
    with path.open("rb", buffering=0) as data:
        while chunk := data.read(_CHUNK_BYTES):
            digest.update(chunk)
    return digest.hexdigest()
