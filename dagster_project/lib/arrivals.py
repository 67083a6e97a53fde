"""What waits in landing/: the files that ingestion has not taken yet, and whether they have stopped growing.

Imports nothing heavy: the sensor asks every minute, and `luyue run` before anything else is loaded.
"""

from __future__ import annotations

import hashlib
import time
from dataclasses import dataclass

from dagster_project.settings import Settings

SETTLED_SECONDS = 30
"""A file that was written to more recently may still be on its way."""


@dataclass(frozen=True)
class Waiting:
    """Files not taken yet, relative to landing/; a fingerprint of the set; whether none changed just now."""

    files: tuple[str, ...]
    fingerprint: str
    settled: bool


def waiting(settings: Settings, now: float | None = None) -> Waiting:
    """The files that a run would take. `now` is a POSIX time in seconds, for tests."""
    from dagster_project.lib.ingest import scan

    now = time.time() if now is None else now
    paths = sorted(scan(settings).new)
    digest = hashlib.sha256()
    newest = 0.0
    for path in paths:
        stat = path.stat()
        newest = max(newest, stat.st_mtime)
        digest.update(f"{path}\0{stat.st_size}\0{stat.st_mtime_ns}\0".encode())
    names = tuple(str(path.relative_to(settings.landing)) for path in paths)
    return Waiting(names, digest.hexdigest(), now - newest >= SETTLED_SECONDS)
