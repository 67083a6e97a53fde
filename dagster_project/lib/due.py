"""Whether a run is due: new content, changed code or rules, another as_of, or an unfinished last run.

Imports nothing heavy: it is asked before Dagster, dbt or Polars are. What a run does then does not belong.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path

from dagster_project.lib import runs
from dagster_project.settings import BUILT_IN_CHANNELS, PROJECT_ROOT, Settings

STATE_FILE = ".due.json"
_CODE = ("dagster_project", "identity", "dbt")
_SUFFIXES = frozenset({".py", ".sql", ".yml", ".yaml", ".csv", ".json", ".parquet", ".txt"})
_NOT_CODE = frozenset({"__pycache__", "target", "logs", "demo"})
TIME_FORMAT = "%Y-%m-%d %H:%M:%S"


@dataclass(frozen=True)
class State:
    """What the last run consumed. Written at its start (`complete` false) and again when it has published."""

    run_id: str
    complete: bool
    code: str
    consumed: str
    as_of: str | None
    """Cut-off that the warehouse stands at, `YYYY-MM-DD HH:MM:SS`; kept over runs that fail before theirs."""


def read_state(settings: Settings) -> State | None:
    """The state as last written; None where no run was, or its file cannot be read."""
    try:
        return State(**json.loads((settings.data / STATE_FILE).read_text(encoding="utf-8")))
    except (FileNotFoundError, ValueError, TypeError):
        return None


def write_state(settings: Settings, state: State) -> None:
    """Replaces the state in one step."""
    settings.data.mkdir(parents=True, exist_ok=True)
    runs.write_text(settings.data / STATE_FILE, json.dumps(asdict(state)) + "\n")


def reasons(settings: Settings, *, new_files: int) -> list[str]:
    """Why a run is due, a few words each; empty if nothing is. `new_files`: landing files not yet taken."""
    state = read_state(settings)
    if state is None:
        return ["first run"]
    checks = (
        (settings.full_refresh, "full refresh asked for"),
        (not state.complete, "the last run did not finish"),
        (new_files > 0, f"{new_files} new file{'s' * (new_files != 1)}"),
        (state.consumed != consumed_fingerprint(settings), "taken files or entries not yet in the warehouse"),
        (state.code != code_fingerprint(settings), "code, rules or contracts changed"),
        (settings.as_of is not None and format_time(settings.as_of) != state.as_of, "another as_of"),
        (not (settings.serving / "CURRENT").exists(), "nothing is published"),
    )
    return [reason for applies, reason in checks if applies]


def code_fingerprint(settings: Settings) -> str:
    """SHA-256 over what decides a result: code, dbt project, contracts, reference data."""
    extra = [folder for folder in settings.channels if folder != BUILT_IN_CHANNELS]
    return _fingerprint([*(PROJECT_ROOT / name for name in _CODE), *extra])


def folder_fingerprint(folder: Path) -> str:
    """SHA-256 over the names and contents of a folder's source files; generated folders are left out."""
    return _fingerprint([folder])


def consumed_fingerprint(settings: Settings) -> str:
    """SHA-256 over what the warehouse is built from: the batches taken and the files of the inbox."""
    digest = hashlib.sha256()
    for path in sorted((settings.lake / "_batches").glob("*.parquet")):
        digest.update(path.name.encode() + b"\0")
    for path in sorted(settings.inbox.glob("*/*.jsonl")):
        digest.update(f"{path.relative_to(settings.inbox)}\0{path.stat().st_size}\0".encode())
    return digest.hexdigest()


def format_time(moment: datetime) -> str:
    """A wall-clock time as the state and the run facts write it."""
    return moment.strftime(TIME_FORMAT)


def _fingerprint(folders: Iterable[Path]) -> str:
    digest = hashlib.sha256()
    for folder in folders:
        for path in _sources(folder):
            digest.update(f"{folder.name}/{path.relative_to(folder)}\0".encode())
            digest.update(hashlib.sha256(path.read_bytes()).digest())
    return digest.hexdigest()


def _sources(folder: Path) -> Iterator[Path]:
    for path in sorted(folder.rglob("*")):
        inside = path.relative_to(folder).parts
        if path.suffix in _SUFFIXES and not _NOT_CODE.intersection(inside) and path.is_file():
            yield path
