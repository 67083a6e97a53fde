"""Whether a file in landing/ has arrived whole: unchanged for a while, or its marker stands beside it.

Only names and times are looked at, nothing is read. Runs that nobody watches wait for this; `luyue run` by
hand takes what is there, except where a marker is required.
"""

from __future__ import annotations

import os
from pathlib import Path

from dagster_project.settings import Settings

FILE_MARKER = ".done"
"""`x.csv.done` beside `x.csv`."""
FOLDER_MARKERS = ("_SUCCESS", ".done")
"""In a folder: every file of it that is not younger than the marker."""


def is_marker(name: str) -> bool:
    """Whether a file of this name only tells that others are whole."""
    return name.endswith(FILE_MARKER) or name in FOLDER_MARKERS


def why_held(settings: Settings, source: str, path: Path, stat: os.stat_result, now: float) -> str | None:
    """Why a new file is left for a later run; None if it may be taken. `now` is a POSIX time in seconds."""
    needs_marker = bool({"all", source} & settings.marker_required)
    if not (needs_marker or settings.settled_only) or is_marked(path, stat):
        return None
    if needs_marker:
        return f"waits for its marker {path.name}{FILE_MARKER}"
    last_change = max(stat.st_ctime, stat.st_mtime if stat.st_mtime <= now else 0)
    if now - last_change < settings.settled_seconds:
        return f"changed less than {settings.settled_seconds:g} s ago, it may still be on its way"
    return None


def is_marked(path: Path, stat: os.stat_result) -> bool:
    """Whether a marker that is not older than the file says that it is whole."""
    markers = (path.with_name(path.name + FILE_MARKER), *(path.with_name(name) for name in FOLDER_MARKERS))
    return any(_time(marker) >= stat.st_mtime_ns for marker in markers)


def _time(marker: Path) -> int:
    try:
        return marker.stat().st_mtime_ns
    except OSError:
        return -1
