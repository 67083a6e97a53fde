"""Which files of the landing folder are new, without reading any that is known: cheap enough to ask at
every start.

No table is read and nothing heavy is waited for here. A file is known by path, size and modification time;
one that is not is hashed, and known if its content was taken before.
"""

from __future__ import annotations

import json
import os
import secrets
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

from dagster_project.lib.ingest.compiled import WORTH_COMPILED_BYTES, load_ahead
from dagster_project.lib.ingest.contracts.folders import source_folders
from dagster_project.lib.ingest.generations import in_force
from dagster_project.lib.ingest.large_files import quick_turns
from dagster_project.lib.ingest.readers.digests import Stand, digests_of
from dagster_project.lib.ingest.settled import is_marker, why_held
from dagster_project.settings import Settings

INDEX_NAME = "_files.json"
_PASSING = (".", "~$")
_UNFINISHED = (".tmp", ".part", ".crdownload", ".filepart")


@dataclass(frozen=True)
class FoundFile:
    """One file of a known source. `source_file` is relative to the landing folder."""

    source: str
    path: Path
    source_file: str
    size: int
    mtime_ns: int
    batch_id: str
    """Of its content: what the batch of its first taking is called."""
    content_sha256: str = ""
    """Of the bytes alone; empty for a file that is known."""
    stand: Stand | None = None
    """How the file stood while it was digested; null where that proves nothing."""


@dataclass(frozen=True)
class Scan:
    """The landing folder as it stands. `new` has content that was never taken; `seen` has content that was,
    at a path that was not known; `unchanged` is every other file of a known source, by path."""

    new: tuple[FoundFile, ...]
    seen: tuple[FoundFile, ...]
    unchanged: dict[str, FoundFile]
    notices: tuple[str, ...]
    held: dict[str, str]
    """New files that are left for a later run, unread, by path: why."""
    newest_exported_at: datetime | None
    """Of all accepted batches so far; null too where the index of files was lost."""

    @property
    def nothing_new(self) -> bool:
        return not self.new


@dataclass
class Index:
    """What earlier runs know of the files: lake/_files.json. Losing it costs time, never correctness."""

    files: dict[str, list[int | str]] = field(default_factory=dict)
    batches: int = 0
    next_seq: int = 1
    newest_exported_at: str | None = None


def scan(settings: Settings, now: float | None = None) -> Scan:
    """Compares landing/<source>/ (with its subfolders) to what was taken. Reads only files that look new.

    `now` is a POSIX time in seconds, for tests.
    """
    now = time.time() if now is None else now
    index = read_index(settings.lake)
    taken = taken_batches(settings.lake)
    known_sources = source_folders(settings.channels)
    new: list[FoundFile] = []
    seen: list[FoundFile] = []
    unchanged: dict[str, FoundFile] = {}
    notices: list[str] = []
    held: dict[str, str] = {}
    for source, folder in _source_folders(settings.landing, notices):
        if source not in known_sources:
            notices.append(
                f"landing/{source}: no contract for this source, its files were left alone; add "
                f"channels/{source}/contract.yml or rename the folder to a known source"
            )
            continue
        for path, entry in sorted(_files(folder, frozenset({_identity(settings.landing)}))):
            name = path.relative_to(settings.landing).as_posix()
            known = index.files.get(name)
            if known and known[:2] == [entry.st_size, entry.st_mtime_ns] and known[2] in taken:
                batch_id = str(known[2])
                unchanged[name] = FoundFile(source, path, name, entry.st_size, entry.st_mtime_ns, batch_id)
                continue
            if (why := why_held(settings, source, path, entry, now)) is not None:
                held[name] = why
                continue
            if entry.st_size >= WORTH_COMPILED_BYTES:
                load_ahead()
            try:
                with quick_turns:
                    told = digests_of(source, path, Stand.of(entry))
            except OSError as error:
                held[name] = f"left for a later run, it cannot be opened: {error.strerror}"
                continue
            size, mtime_ns = entry.st_size, entry.st_mtime_ns
            found = FoundFile(
                source, path, name, size, mtime_ns, told.batch_id, told.content_sha256, told.stand
            )
            (seen if found.batch_id in taken else new).append(found)
    newest = index.newest_exported_at if index.batches == len(taken) else None
    at = datetime.fromisoformat(newest) if newest else None
    notices += [f"{name}: {why}" for name, why in held.items()]
    return Scan(tuple(new), tuple(seen), unchanged, tuple(notices), held, at)


def taken_batches(lake: Path) -> dict[str, str]:
    """Content id → id of the batch in force, of all contents taken, from the names of the ledger files."""
    folder = lake / "_batches"
    if not folder.is_dir():
        return {}
    with os.scandir(folder) as entries:
        names = [entry.name.removesuffix(".parquet") for entry in entries if entry.name[0] not in "._"]
    return in_force(names)


def read_index(lake: Path) -> Index:
    """The index of files; an empty one where it is missing or damaged."""
    try:
        return Index(**json.loads((lake / INDEX_NAME).read_text(encoding="utf-8")))
    except (OSError, ValueError, TypeError):
        return Index()


def write_index(lake: Path, index: Index) -> None:
    """Replaces the index by temporary name and rename."""
    lake.mkdir(parents=True, exist_ok=True)
    temporary = lake / f".{INDEX_NAME}.{secrets.token_hex(4)}.tmp"
    temporary.write_text(json.dumps(index.__dict__, ensure_ascii=False), encoding="utf-8")
    temporary.replace(lake / INDEX_NAME)


def _source_folders(landing: Path, notices: list[str]) -> Iterator[tuple[str, Path]]:
    if not landing.is_dir():
        return
    for entry in sorted(landing.iterdir()):
        if entry.name.startswith(_PASSING):
            continue
        if entry.is_dir():
            yield entry.name, entry
        else:
            notices.append(f"landing/{entry.name}: lies in no source's folder; move it to landing/<source>/")


def _files(folder: Path, above: frozenset[tuple[int, int]]) -> Iterator[tuple[Path, os.stat_result]]:
    """Of a folder and its subfolders; a link to one of the folders `above` is no subfolder."""
    above |= {_identity(folder)}
    for entry in os.scandir(folder):
        if entry.name.startswith(_PASSING) or entry.name.endswith(_UNFINISHED) or is_marker(entry.name):
            continue
        if entry.is_dir():
            path = Path(entry.path)
            if _identity(path) not in above:
                yield from _files(path, above)
        elif entry.is_file():
            yield Path(entry.path), entry.stat()


def _identity(folder: Path) -> tuple[int, int]:
    """Tells a folder, whatever path leads to it."""
    stat = folder.stat()
    return stat.st_dev, stat.st_ino
