"""How dbt is called: its environment, its folders under DATA/dbt, its manifest, and what its results say.

No Dagster here, and no business rule: those are the SQL models in dbt/.
"""

from __future__ import annotations

import json
import os
import shlex
import shutil
import subprocess
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from dagster_project.lib import due, history, ledger, lock, seed_rows
from dagster_project.lib.errors import LuyueError
from dagster_project.lib.rules import overlay
from dagster_project.lib.runs import write_text
from dagster_project.settings import PROJECT_ROOT, Settings

PROJECT = PROJECT_ROOT / "dbt"
RESULTS = "run_results.json"
WAREHOUSE = "DBT_ENV_SECRET_LUYUE_WAREHOUSE"
"""What dbt/profiles.yml calls the path of the warehouse; the guarded command stands in its folder."""
_TEST = ("test.", "unit_test.")
_OUTCOMES = {
    "pass": "passed",
    "success": "passed",
    "warn": "warned",
    "skipped": "skipped",
    "no-op": "skipped",
}


@dataclass(frozen=True)
class NodeResult:
    """Outcome of one dbt node: `passed`, `warned`, `failed` or `skipped`, one line for a person, its SQL."""

    name: str
    is_test: bool
    outcome: str
    line: str
    query: str = ""


def folder(settings: Settings) -> Path:
    """Where dbt keeps what belongs to this data folder: artifacts, logs, manifest, the guarded command."""
    return settings.data / "dbt"


def environment(settings: Settings, as_of: datetime) -> dict[str, str]:
    """The variables that dbt/ reads: where the stores are, and the data cut-off."""
    current = settings.identity / "CURRENT"
    members = current.read_text(encoding="utf-8").strip() if current.exists() else "members-none.parquet"
    version = members.removeprefix("members-")
    in_one = settings.lake / ledger.FILE
    return {
        "LUYUE_LAKE": str(settings.lake),
        "LUYUE_BATCHES": str(in_one if in_one.exists() else settings.lake / "_batches" / "*.parquet"),
        "LUYUE_ADDRESSES": str(settings.addresses),
        "LUYUE_IDENTITY_MEMBERS": str(settings.identity / members),
        "LUYUE_IDENTITY_GOLDEN": str(settings.identity / f"golden-{version}"),
        "LUYUE_IDENTITY_QUALITY": str(settings.identity / f"quality-{version}"),
        "LUYUE_HISTORY": str(history.folder(settings)),
        "LUYUE_QUALITY": str(settings.quality),
        "LUYUE_SEED_ROWS": ":".join(str(path.absolute()) for path in seed_rows.folders(settings)),
        "LUYUE_RULES": overlay.in_use(settings),
        "LUYUE_AS_OF": due.format_time(as_of),
        "LUYUE_CODE": rules_fingerprint(settings),
        # Without this dbt makes a line for its log file of every event, of those below its level too.
        "DBT_LOG_LEVEL_FILE": "none",
        WAREHOUSE: settings.warehouse.name,
    }


def rules_fingerprint(settings: Settings) -> str:
    """Of what stored rows rest on besides the exports: dbt/ with its seeds, the rows added to these, and the
    rules with an approved change."""
    folders = (PROJECT, *seed_rows.folders(settings), overlay.folder(settings))
    return " ".join(due.folder_fingerprint(path)[:16] for path in folders)


def build_arguments(*, full_refresh: bool, lasting_stands: bool = False) -> list[str]:
    """Arguments of the one dbt command of a run. Unit tests test code, not data: `make test` runs them.

    `lasting_stands`: seeds, what their tests say, and views whose text says nothing of a run are as the last
    build left them; then none of these runs (a third of the nodes). A test of more does (`cautious`).
    """
    arguments = ["build", "--no-write-json", "--exclude-resource-type", "unit_test"]
    if full_refresh:
        return [*arguments, "--full-refresh"]
    without = ["--indirect-selection", "cautious", "--exclude", "resource_type:seed tag:lasting"]
    return [*arguments, *(without if lasting_stands else [])]


def executable(settings: Settings) -> Path:
    """The guarded dbt command of this data folder (see dbt_guard), written if it is missing or another's."""
    path = folder(settings) / "dbt"
    guarded = shlex.join(_guarded(settings, _child_lock(settings), folder(settings) / "target"))
    script = f'#!/bin/sh\nexec {guarded} "$@"\n'
    if not path.exists() or path.read_text(encoding="utf-8") != script:
        path.parent.mkdir(parents=True, exist_ok=True)
        write_text(path, script)
        path.chmod(0o755)
    return path


def await_orphan(settings: Settings, wait_seconds: float = 60) -> None:
    """Returns when no dbt of a killed run writes any more (on Linux at once), else raises LockBusyError."""
    with lock.hold(_child_lock(settings), wait_seconds=wait_seconds):
        pass


def prepare_manifest(settings: Settings) -> Path:
    """Path of the manifest of dbt/ as it is now; `dbt parse` (12 s of one core) runs only if dbt/ changed.

    What a parse finds belongs to the code, not to a data folder: it is kept below dbt/target (in the data
    folder if the code may not be written to) and copied from there: no run loses what it reads to another.
    Raises LuyueError with dbt's own first error line if the project does not parse.
    """
    home = folder(settings)
    wanted = due.folder_fingerprint(PROJECT)[:16]
    shelf = PROJECT / "target" if os.access(PROJECT, os.W_OK) else home / "parsed"
    for path in (shelf, home / "target"):
        path.mkdir(parents=True, exist_ok=True)
    with lock.hold(shelf / ".parse.lock"):
        parsed, stamp = shelf / f"parsed-{wanted}", home / "parsed.stamp"
        if not (parsed / "manifest.json").exists():
            for old in shelf.glob("parsed-*"):
                shutil.rmtree(old, ignore_errors=True)
            fresh = shelf / f"parsed-{os.getpid()}.new"
            _parse(settings, fresh)
            fresh.rename(parsed)
        if not stamp.exists() or stamp.read_text(encoding="utf-8") != wanted:
            shutil.copyfile(parsed / "partial_parse.msgpack", home / "target" / "partial_parse.msgpack")
            shutil.copyfile(parsed / "manifest.json", home / "manifest.new")
            (home / "manifest.new").replace(home / "manifest.json")
            write_text(stamp, wanted)
    return home / "manifest.json"


def marts(manifest: Path) -> list[str]:
    """Names of the models that are published."""
    nodes = json.loads(manifest.read_text(encoding="utf-8"))["nodes"].values()
    models = [node for node in nodes if node["resource_type"] == "model"]
    return sorted(node["name"] for node in models if node["fqn"][1] == "marts")


def results(target: Path, manifest: Path) -> list[NodeResult]:
    """What run_results.json in `target` says, one entry a node; empty if dbt did not get that far."""
    try:
        entries = json.loads((target / RESULTS).read_text(encoding="utf-8"))["results"]
    except (FileNotFoundError, ValueError):
        return []
    sentences: dict[str, str] = {}
    if any(entry["status"] == "warn" for entry in entries):
        sentences = _sentences(json.loads(manifest.read_text(encoding="utf-8")))
    return [_node(entry, sentences) for entry in entries]


def _sentences(manifest: Mapping[str, Any]) -> dict[str, str]:
    """By test that may warn: what it tells people, `meta: {told: …}` beside it, with {count} for its rows."""
    metas = {name: node["config"].get("meta") or {} for name, node in manifest["nodes"].items()}
    return {name: meta["told"] for name, meta in metas.items() if "told" in meta}


def _node(entry: Mapping[str, Any], sentences: Mapping[str, str]) -> NodeResult:
    unique_id = str(entry["unique_id"])
    name = unique_id.split(".")[2]
    outcome = _OUTCOMES.get(entry["status"], "failed")
    count = entry.get("failures") or 0
    message = " ".join(str(entry.get("message") or "").split())
    text = f"{count} row{'s' * (count != 1)}" if count else message[:300]
    line = f"{name}: {text}"
    if outcome == "warned" and unique_id in sentences:
        line = sentences[unique_id].format(count=f"{count:,}")
    query = str(entry.get("compiled_code") or "")
    return NodeResult(name, unique_id.startswith(_TEST), outcome, line, query)


def call(settings: Settings, arguments: Sequence[str], environment: Mapping[str, str]) -> None:
    """One guarded dbt command over the warehouse of this data folder, with these variables for dbt/.

    Raises LuyueError with dbt's own last lines if it fails.
    """
    _run(settings, folder(settings) / "target", _child_lock(settings), arguments, environment)


def _parse(settings: Settings, target: Path) -> None:
    _run(settings, target, folder(settings) / ".parse-child.lock", ["--quiet", "parse"], {})


def _run(
    settings: Settings,
    target: Path,
    lock_file: Path,
    arguments: Sequence[str],
    environment: Mapping[str, str],
) -> None:
    env = {
        **os.environ,
        **environment,
        WAREHOUSE: settings.warehouse.name,
        "DBT_PROJECT_DIR": str(PROJECT),
        "DBT_PROFILES_DIR": str(PROJECT),
        "DBT_TARGET_PATH": str(target),
        "DBT_LOG_PATH": str(folder(settings) / "logs"),
        "DBT_SEND_ANONYMOUS_USAGE_STATS": "false",
    }
    command = [*_guarded(settings, lock_file, target), *arguments]
    done = subprocess.run(command, env=env, cwd=PROJECT, capture_output=True, text=True, check=False)
    if done.returncode != 0:
        lines = [line.strip() for line in (done.stdout + done.stderr).splitlines() if line.strip()]
        verb = next(word for word in arguments if not word.startswith("-"))
        raise LuyueError(f"{PROJECT}: dbt {verb} failed: {' '.join(lines[-6:])[:600]}")


def _guarded(settings: Settings, lock_file: Path, target: Path) -> list[str]:
    paths = [settings.warehouse.parent, lock_file, target / RESULTS]
    return [sys.executable, "-m", "dagster_project.lib.dbt_guard", *(str(path.absolute()) for path in paths)]


def _child_lock(settings: Settings) -> Path:
    return folder(settings) / ".child.lock"
