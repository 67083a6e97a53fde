"""The archive of landing/: files that were taken move to DATA/archive, are kept for some days, then deleted.

They hold personal values as they came, so folders have mode 0700 and files 0600. Which batches were taken is
the ledger's to say: a file moves after its batch is committed; what a killed run left, the next one moves.
"""

from __future__ import annotations

import errno
import os
import shutil
from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path

from dagster_project.lib.ingest.scanning import FoundFile, Scan
from dagster_project.lib.ingest.settled import FILE_MARKER
from dagster_project.settings import Settings

FOLDER_MODE, FILE_MODE = 0o700, 0o600
_NAME_BYTES = 200
"""Of the file's own name; with the batch id before it the whole stays below the 255 of file systems."""


@dataclass(frozen=True)
class Moved:
    """Files moved and deleted, and one line for each that could not be."""

    moved: int
    deleted: int
    notices: tuple[str, ...]


def sweep(settings: Settings, found: Scan, refused: Collection[str], today: date) -> Moved:
    """Moves what was taken, deletes what has been kept long enough; nothing where files are left in landing.

    `refused`: content ids of refused files, which stay to be mended unless the settings say otherwise. The
    caller holds the lock.
    """
    if settings.archive_days is None:
        return Moved(0, 0, ())
    stay = set() if settings.archive_refused else set(refused)
    moved, notices = 0, []
    for file in [*found.unchanged.values(), *found.seen]:
        if file.batch_id not in stay:
            try:
                moved += _move(settings, file, today)
            except OSError as error:
                notices.append(f"{file.source_file}: not archived: {error.strerror}")
    return Moved(moved, _forget(settings, today), tuple(notices))


def place(settings: Settings, file: FoundFile, day: date) -> Path:
    """Where a file goes: archive/<source>/<day>/<content id>--<its name>."""
    name = Path(file.source_file).name.encode()
    if len(name) > _NAME_BYTES:
        name = name[-_NAME_BYTES:]
    shown = name.decode(errors="ignore")
    return settings.archive / file.source / f"{day:%Y-%m-%d}" / f"{file.batch_id}--{shown}"


def _move(settings: Settings, file: FoundFile, today: date) -> bool:
    """Moves one file; one that changed since it was looked at is left for the next run."""
    target = place(settings, file, today)
    _private(target.parent, settings.archive)
    if not _is_as_found(file.path, file):
        return False
    try:
        file.path.rename(target)
    except OSError as error:
        if error.errno != errno.EXDEV:
            raise
        _carry(file.path, target)
    if not _is_as_found(target, file):
        if not file.path.exists():
            target.rename(file.path)
        return False
    target.chmod(FILE_MODE)
    file.path.with_name(file.path.name + FILE_MARKER).unlink(missing_ok=True)
    return True


def _carry(source: Path, target: Path) -> None:
    """To another file system: a whole copy first, then the removal."""
    temporary = target.with_name(f".{target.name[:_NAME_BYTES]}.tmp")
    shutil.copy2(source, temporary)
    temporary.chmod(FILE_MODE)
    with temporary.open("rb") as copied:
        os.fsync(copied.fileno())
    temporary.replace(target)
    source.unlink()


def _is_as_found(path: Path, file: FoundFile) -> bool:
    try:
        stat = path.stat()
    except FileNotFoundError:
        return False
    return (stat.st_size, stat.st_mtime_ns) == (file.size, file.mtime_ns)


def _private(folder: Path, top: Path) -> None:
    """Makes a folder and those above it, up to `top`, for their owner alone."""
    for part in [top, *(top / inner for inner in reversed(folder.relative_to(top).parents)), folder]:
        if not part.is_dir():
            part.mkdir(mode=FOLDER_MODE, parents=True)


def _forget(settings: Settings, today: date) -> int:
    """Deletes the days that are older than the setting; how many files."""
    assert settings.archive_days is not None
    oldest, deleted = today - timedelta(days=settings.archive_days), 0
    for folder in settings.archive.glob("*/[0-9]*"):
        try:
            day = date.fromisoformat(folder.name)
        except ValueError:
            continue
        if day < oldest:
            deleted += sum(1 for _ in folder.iterdir())
            shutil.rmtree(folder)
    return deleted
