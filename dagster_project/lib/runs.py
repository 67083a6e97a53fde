"""The facts of a run: what was read, refused, checked, published, how long it took; runs/<run_id>.json.

How a run proceeds does not belong here, nor how its facts are printed.
"""

from __future__ import annotations

import json
import os
import secrets
from dataclasses import asdict, dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

from dagster_project.settings import Settings


@dataclass
class Facts:
    """What one run did. `seconds` is by stage; `blocked` holds one line for each reason not to publish."""

    run_id: str
    as_of: str | None = None
    published: str | None = None
    sources: dict[str, dict[str, int]] = field(default_factory=dict)
    seconds: dict[str, float] = field(default_factory=dict)
    checks: dict[str, int] = field(default_factory=lambda: {"passed": 0, "warned": 0, "failed": 0})
    experience_index: dict[str, Any] | None = None
    started_at: str = ""
    finished_at: str | None = None
    refused_files: list[str] = field(default_factory=list)
    refused_rows: dict[str, int] = field(default_factory=dict)
    """Rows refused, by `<source>: <reason>`."""
    notices: list[str] = field(default_factory=list)
    built: dict[str, Any] = field(default_factory=dict)
    """How much the transformation did: lib/increments.py."""
    publishing: dict[str, float] = field(default_factory=dict)
    """Rows published, seconds of copying them, and rows a second."""
    warnings: list[str] = field(default_factory=list)
    blocked: list[str] = field(default_factory=list)

    def count_check(self, outcome: str) -> None:
        """Counts one check; `outcome` is passed, warned or failed."""
        self.checks[outcome] += 1


def new_run_id(now: datetime) -> str:
    """An id that sorts by time: `20260115T070000-3fa9c1`."""
    return f"{now:%Y%m%dT%H%M%S}-{secrets.token_hex(3)}"


def write(settings: Settings, facts: Facts) -> Path:
    """Writes runs/<run_id>.json, whole or not at all."""
    settings.runs.mkdir(parents=True, exist_ok=True)
    path = settings.runs / f"{facts.run_id}.json"
    write_text(path, json.dumps(asdict(facts), ensure_ascii=False, indent=2, default=str) + "\n")
    return path


def read(settings: Settings, run_id: str) -> dict[str, Any] | None:
    """The facts of one run as written, or None."""
    try:
        return json.loads((settings.runs / f"{run_id}.json").read_text(encoding="utf-8"))
    except (FileNotFoundError, ValueError):
        return None


def latest(settings: Settings, limit: int = 1) -> list[dict[str, Any]]:
    """The facts of the newest runs, newest first."""
    names = sorted((path.stem for path in settings.runs.glob("*.json")), reverse=True)[:limit]
    return [facts for name in names if (facts := read(settings, name)) is not None]


def write_text(path: Path, text: str) -> None:
    """Replaces a small file in one step, so that a reader or a crash never sees half of it."""
    temporary = path.with_name(f".{path.name}.{os.getpid()}.tmp")
    with temporary.open("w", encoding="utf-8") as sink:
        sink.write(text)
        sink.flush()
        os.fsync(sink.fileno())
    temporary.replace(path)
    sync_folder(path.parent)


def sync_folder(folder: Path) -> None:
    """Makes the renames inside `folder` survive a power cut."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
