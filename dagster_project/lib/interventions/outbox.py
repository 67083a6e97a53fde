"""Requests of customer service to the merchant's order system: written once to the outbox, followed to their
end.

outbox/interventions/<month>.jsonl holds requests, append-only; inbox/intervention_states/<month>.jsonl what
the order system answers. A second request for the same order and action, while one is open, is the first one.
"""

from __future__ import annotations

import fcntl
import json
import os
import secrets
from collections.abc import Collection, Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from dagster_project import safe_tables
from dagster_project.lib.ingest.personal.typed import masked
from dagster_project.lib.interventions import sealing
from dagster_project.lib.interventions.contract import CLOSED, OPEN, Intervention, Standing, check
from dagster_project.settings import Settings

if TYPE_CHECKING:
    import polars as pl

WALL_CLOCK = ZoneInfo("Asia/Shanghai")
TIME = "%Y-%m-%d %H:%M:%S"
SEALED_DAYS = 7
"""Days that a sealed address waits for the order system at most; it goes as soon as its request has ended."""
_REQUEST = (
    "request_id",
    "requested_at",
    "channel",
    "channel_order_id",
    "action",
    "reason",
    "by",
    "role",
    "sealed",
)
_STATE = ("request_id", "state", "at", "detail")


def request(settings: Settings, asked: Intervention, now: datetime | None = None) -> tuple[Standing, bool]:
    """Writes the request, or finds the open one of this order and action; (it, whether it is new).

    It is on the disk when this returns. Two sessions that ask at once wait for one another. What looks
    personal in the reason is masked. Raises `RefusedError`.
    """
    check(asked)
    now = now or datetime.now(WALL_CLOCK).replace(tzinfo=None)
    with _alone(settings):
        known = standing(settings)
        _forget_sealed(settings, known, now)
        same = (asked.channel, asked.channel_order_id, asked.action)
        for one in known:
            if one.is_open and (one.channel, one.channel_order_id, one.action) == same:
                return one, False
        entry = _entry(settings, asked, now)
        _append(_folder(settings) / f"{now:%Y-%m}.jsonl", entry)
        made = standing(settings)
        safe_tables.write(_folder(settings) / "interventions.csv", safe_tables.csv_bytes(_table(made)))
        return next(one for one in made if one.request_id == entry["request_id"]), True


def standing(settings: Settings) -> list[Standing]:
    """All requests with their latest state, the newest first. A line that is no JSON object is passed
    over."""
    states: dict[str, dict[str, Any]] = {}
    for line in _lines(settings.inbox / "intervention_states", _STATE):
        if line["state"] in (*OPEN, *CLOSED):
            before = states.get(line["request_id"])
            if before is None or (before["state"] not in CLOSED and line["at"] >= before["at"]):
                states[line["request_id"]] = line
    lines = list(_lines(_folder(settings), _REQUEST))
    made = [_standing(line, states.get(line["request_id"])) for line in lines]
    return sorted(made, key=lambda one: (one.requested_at, one.request_id), reverse=True)


def forget(settings: Settings, erased: Collection[str]) -> int:
    """Removes sealed addresses of orders of erased persons (digests as `luyue erase` has them); how many."""
    import polars as pl

    from identity import erasure

    known = [one for one in standing(settings) if _sealed(settings, one.request_id).exists()]
    if not known:
        return 0
    keys = pl.DataFrame([{"channel": one.channel, "channel_order_id": one.channel_order_id} for one in known])
    roles = erasure.roles_erased(keys, erased)
    gone = [one for one, hit in zip(known, roles["owner"] | roles["recipient"], strict=True) if hit]
    for one in gone:
        _sealed(settings, one.request_id).unlink(missing_ok=True)
    return len(gone)


def _entry(settings: Settings, asked: Intervention, now: datetime) -> dict[str, Any]:
    request_id = f"iv_{secrets.token_hex(8)}"
    sealed = None
    if asked.address:
        whole = {
            "request_id": request_id,
            "channel": asked.channel,
            "channel_order_id": asked.channel_order_id,
        }
        sealed = f"sealed/{request_id}.jwe"
        sealing.write(
            _folder(settings) / sealed, sealing.seal({**whole, **asked.address}, settings.oms_key_file)
        )
    return {
        "request_id": request_id,
        "requested_at": f"{now:{TIME}}",
        "channel": asked.channel,
        "channel_order_id": asked.channel_order_id,
        "action": asked.action,
        "reason": masked(asked.reason.strip()),
        "by": asked.by,
        "role": asked.role,
        "sealed": sealed,
    }


def _standing(line: dict[str, Any], state: dict[str, Any] | None) -> Standing:
    requested_at = datetime.strptime(line["requested_at"], TIME)
    return Standing(
        **{
            name: line[name]
            for name in ("request_id", "channel", "channel_order_id", "action", "reason", "by")
        },
        requested_at=requested_at,
        state=state["state"] if state else "requested",
        state_at=datetime.strptime(state["at"], TIME) if state else requested_at,
        detail=masked(str(state["detail"] or "")) if state else "",
    )


def _forget_sealed(settings: Settings, known: Collection[Standing], now: datetime) -> None:
    """Sealed addresses go with the end of their request, and after some days in any case."""
    for one in known:
        if not one.is_open or now - one.requested_at > timedelta(days=SEALED_DAYS):
            _sealed(settings, one.request_id).unlink(missing_ok=True)


def _table(made: Collection[Standing]) -> pl.DataFrame:
    import polars as pl

    return pl.DataFrame([vars(one) for one in made])


def _lines(folder: Path, names: tuple[str, ...]) -> Iterator[dict[str, Any]]:
    for path in sorted(folder.glob("*.jsonl")):
        for text in path.read_text(encoding="utf-8", errors="replace").splitlines():
            try:
                line = json.loads(text)
                times = [
                    datetime.strptime(line[name], TIME) for name in ("requested_at", "at") if name in line
                ]
            except (ValueError, TypeError, AttributeError):
                continue
            if times and line.get("request_id"):
                yield {name: line.get(name) for name in names}


@contextmanager
def _alone(settings: Settings) -> Iterator[None]:
    """One writer of requests at a time, of all sessions and processes."""
    folder = _folder(settings)
    folder.mkdir(parents=True, exist_ok=True)
    descriptor = os.open(folder / ".lock", os.O_WRONLY | os.O_CREAT, 0o640)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX)
        yield
    finally:
        os.close(descriptor)


def _append(path: Path, entry: dict[str, Any]) -> None:
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o640)
    try:
        os.write(descriptor, (json.dumps(entry, ensure_ascii=False) + "\n").encode())
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _folder(settings: Settings) -> Path:
    return settings.outbox / "interventions"


def _sealed(settings: Settings, request_id: str) -> Path:
    return _folder(settings) / "sealed" / f"{request_id}.jwe"
