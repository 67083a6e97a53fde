"""What people enter: inbox/<kind>/<month>.jsonl, append-only, one event a line, each with an id of its own.

What an entry means is the matter of whoever reads it.
"""

from __future__ import annotations

import fcntl
import json
import os
import secrets
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from dagster_project.settings import Settings, account


def append(settings: Settings, kind: str, entry: Mapping[str, Any], now: datetime | None = None) -> str:
    """Adds one entry, with `event_id`, `at` (local time) and `by` (the account, unless it names a person);
    its id.

    It is on the disk when this returns. The file is only ever appended to, under a lock of its own.
    """
    now = now or datetime.now()
    event_id = secrets.token_hex(8)
    folder = settings.inbox / kind
    folder.mkdir(parents=True, exist_ok=True)
    told = {"event_id": event_id, "at": f"{now:%Y-%m-%d %H:%M:%S}", "by": account(), **entry}
    descriptor = os.open(folder / f"{now:%Y-%m}.jsonl", os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o640)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX)
        os.write(descriptor, (json.dumps(told, ensure_ascii=False) + "\n").encode())
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
    return event_id
