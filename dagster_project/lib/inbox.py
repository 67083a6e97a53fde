"""What people enter: inbox/<kind>/<month>.jsonl, append-only, one event a line, each with an id of its own.

What an entry means is the matter of whoever reads it.
"""

from __future__ import annotations

import fcntl
import json
import os
import secrets
from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from dagster_project.settings import Settings, account

NOT_BUILT_FROM = frozenset({"reveals", "intervention_states"})
"""Kinds that no mart is built from: an entry there makes no run due."""


def append(settings: Settings, kind: str, entry: Mapping[str, Any], now: datetime | None = None) -> str:
    """Adds one entry, with `event_id`, `at` (local time) and `by` (the account, unless it names a person);
    its id."""
    return append_all(settings, kind, [entry], now)[0]


def append_all(
    settings: Settings, kind: str, entries: Iterable[Mapping[str, Any]], now: datetime | None = None
) -> list[str]:
    """Adds entries, each as `append` does, all of them or none; their ids.

    They are on the disk when this returns. The file is only ever appended to, under a lock of its own.
    """
    now = now or datetime.now()
    folder = settings.inbox / kind
    folder.mkdir(parents=True, exist_ok=True)
    common = {"at": f"{now:%Y-%m-%d %H:%M:%S}", "by": account()}
    told = [{"event_id": secrets.token_hex(8), **common, **entry} for entry in entries]
    lines = "".join(json.dumps(entry, ensure_ascii=False) + "\n" for entry in told)
    descriptor = os.open(folder / f"{now:%Y-%m}.jsonl", os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o640)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX)
        os.write(descriptor, lines.encode())
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
    return [entry["event_id"] for entry in told]
