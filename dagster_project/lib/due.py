"""Whether a run is due: new content, changed code or rules, another as_of, or an unfinished last run.

Imports nothing heavy: it is asked before Dagster, dbt or Polars are. What a run does then does not belong.
"""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path

from dagster_project.lib import runs
from dagster_project.lib.inbox import NOT_BUILT_FROM
from dagster_project.settings import BUILT_IN_CHANNELS, PROJECT_ROOT, Settings
from identity.vault_key import read_record

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
    key: str = ""
    """Id of the vault's key: under another one all tokens differ."""


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
        (state.key != vault_key_id(settings), "the vault's key was rotated"),
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
    """SHA-256 over what the warehouse is built from: the batches taken (or taken anew) and the inbox, but for
    what no mart reads."""
    digest = hashlib.sha256()
    for name, stat in sorted(ledger_files(settings.lake).items()):
        digest.update(f"{name}\0{stat.st_size}\0{stat.st_mtime_ns}\0".encode())
    for path in sorted(settings.inbox.glob("*/*.jsonl")):
        if path.parent.name in NOT_BUILT_FROM:
            continue
        digest.update(f"{path.relative_to(settings.inbox)}\0{path.stat().st_size}\0".encode())
    return digest.hexdigest()


def ledger_files(lake: Path) -> dict[str, os.stat_result]:
    """The committed batches, with what the file system says of their ledger entries; none is read."""
    try:
        with os.scandir(lake / "_batches") as entries:
            return {
                entry.name.removesuffix(".parquet"): entry.stat()
                for entry in entries
                if entry.name.endswith(".parquet") and entry.name[0] not in "._"
            }
    except FileNotFoundError:
        return {}


def vault_key_id(settings: Settings) -> str:
    """Id of the key that the vault is written with; empty before the first run."""
    record = read_record(settings.vault)
    return record.key_id if record else ""


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
