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
    found = scan(settings).new
    newest = max((file.mtime_ns for file in found), default=0) / 1e9
    digest = hashlib.sha256("".join(f"{file.source_file}\0{file.batch_id}\0" for file in found).encode())
    names = tuple(file.source_file for file in found)
    return Waiting(names, digest.hexdigest(), settled=now - newest >= SETTLED_SECONDS)
