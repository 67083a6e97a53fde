"""SHA-256 of a file's bytes, taken once, and what the batch is called after it.

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
_DIGESTED_BYTES = 4 << 20
"""Bytes that are digested in one go. After each, a thread that runs Python code is waited for."""
_WORTH_KEEPING_BYTES = 16 << 20
"""A larger file is not digested again when it is taken, if it stands as it did; a smaller one is, from the
bytes that are."""
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
    """Of one file. `stand` is null where the file is small, or its stand would not tell a change."""

    batch_id: str
    content_sha256: str
    stand: Stand | None = None


@lru_cache(maxsize=_REMEMBERED)
def digests_of(source: str, path: Path, stand: Stand) -> Digests:
    """The digests of a file that stood so a moment ago, as a file of a source: a run asks more than once, and
    reads the file once."""
    is_kept = stand.size > _WORTH_KEEPING_BYTES and stand.is_telling(time.time())
    content = digest_of_file(path)
    stood = is_kept and Stand.of(path.stat()) == stand
    return Digests(batch_id_of(source, content), content, stand if stood else None)


def batch_id_of(source: str, content_sha256: str) -> str:
    """First 16 hex digits of SHA-256 over source, NUL and the SHA-256 (hex) of the file's bytes."""
    return hashlib.sha256(f"{source}\0{content_sha256}".encode()).hexdigest()[:BATCH_ID_DIGITS]


def batch_id_of_file(source: str, path: Path) -> str:
    """What a batch of this file is called."""
    return batch_id_of(source, digest_of_file(path))


def digest_of_file(path: Path) -> str:
    """SHA-256 (hex) of a file's bytes."""
    digest = hashlib.sha256()
    with path.open("rb", buffering=0) as data:
        while chunk := data.read(_DIGESTED_BYTES):
            digest.update(chunk)
    return digest.hexdigest()
