"""What waits in landing/: the files that a run would take, and those that it would leave for later.

Imports nothing heavy: the sensor asks every minute, and `luyue run` before anything else is loaded.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass

from dagster_project.settings import Settings


@dataclass(frozen=True)
class Waiting:
    """Files not taken yet, relative to landing/, and a fingerprint of their set; `held`: file to why it is
    left for later."""

    files: tuple[str, ...]
    fingerprint: str
    held: dict[str, str]


def waiting(settings: Settings, now: float | None = None) -> Waiting:
    """The files that a run with these settings would take. `now` is a POSIX time in seconds, for tests."""
    from dagster_project.lib.ingest import scan

    found = scan(settings, now)
    told = "".join(f"{file.source_file}\0{file.batch_id}\0" for file in found.new)
    names = tuple(file.source_file for file in found.new)
    return Waiting(names, hashlib.sha256(told.encode()).hexdigest(), found.held)
