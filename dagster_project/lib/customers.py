"""The stage that links records to customers: lake, vault and addresses in, identity/*.parquet out.

It reads, calls `identity`, writes, and counts; no linking rule belongs here. The files of a version
appear by rename and come into force together, when CURRENT names the members file: killed at any moment,
the version before stays.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable
from datetime import datetime, timedelta, timezone
from pathlib import Path
from typing import TYPE_CHECKING, Any

from dagster_project.lib import customer_records
from dagster_project.settings import KEPT_VERSIONS, Settings

if TYPE_CHECKING:
    import polars as pl

    from identity.vault import VaultKey

POINTER = "CURRENT"
SHANGHAI = timezone(timedelta(hours=8))
"""The clock of all times in the lake; it has had no summer time since 1991."""


def link_customers(settings: Settings, key: VaultKey, as_of: datetime | None = None) -> dict[str, int]:
    """Writes the customer of every live record as of `as_of` (default: the newest export) and says how many.

    Does nothing, at the cost of reading the ledger, where no batch, address, model or code changed since
    the version in force. Returns records, customers, created, merged, split, moved, retired, and
    is_unchanged (0 or 1).
    """

    settings.identity.mkdir(parents=True, exist_ok=True)
    batches = customer_records.accepted(settings, as_of)
    read = customer_records.now(settings, batches)
    fingerprint = _fingerprint(settings, read)
    version = current_version(settings)
    state = _state(settings, version)
    if state and state["fingerprint"] == fingerprint and not settings.full_refresh:
        return {**state["counts"], "is_unchanged": 1}

    from dagster_project.lib import customer_ledger

    moment = as_of or batches["exported_at"].max() or datetime(1970, 1, 1)
    assert isinstance(moment, datetime)
    with customer_ledger.opened(settings, key, version) as ledger:
        before = customer_records.Read.of(state) if customer_ledger.is_as_now_made(settings, ledger) else None
        since = before if before and read.goes_on_from(before) else None
        records, changed = customer_records.build(settings, key, batches, moment, since)
        members, aliases = (_previous(settings, version, name) for name in ("members", "aliases"))
        previous = (members, aliases, _events(settings))
        local = moment.replace(tzinfo=SHANGHAI)
        tables, change = customer_ledger.relink(settings, ledger, records, changed, local, version, previous)
        counts = _counts(tables["members"], change.events)
        told = {"fingerprint": fingerprint, "counts": counts, "read": read.told()}
        _put_in_force(settings, version + 1, tables, told)
        customer_ledger.keep(ledger, version + 1)
    _forget(settings, version + 1)
    return {**counts, "is_unchanged": 0}


def _put_in_force(
    settings: Settings, number: int, tables: dict[str, pl.DataFrame], state: dict[str, Any]
) -> None:
    for name, frame in tables.items():
        _replace(settings.identity / f"{name}-{number}.parquet", frame.write_parquet)
    told = json.dumps(state, sort_keys=True)
    _replace(settings.identity / f"state-{number}.json", lambda path: path.write_text(told, encoding="utf-8"))
    pointed = f"members-{number}.parquet\n"
    _replace(settings.identity / POINTER, lambda path: path.write_text(pointed, encoding="utf-8"))


def current_version(settings: Settings) -> int:
    """The number of the version in force, 0 before the first."""
    try:
        name = (settings.identity / POINTER).read_text(encoding="utf-8").strip()
    except FileNotFoundError:
        return 0
    return int(name.removeprefix("members-").removesuffix(".parquet"))


def _previous(settings: Settings, version: int, name: str) -> pl.DataFrame:
    import polars as pl

    from identity.ids import ALIAS_SCHEMA, MEMBER_SCHEMA

    path = settings.identity / f"{name}-{version}.parquet"
    if not path.exists():
        return pl.DataFrame(schema=MEMBER_SCHEMA if name == "members" else ALIAS_SCHEMA)
    return pl.read_parquet(path)


def _events(settings: Settings) -> pl.DataFrame:
    """All events so far, in their order."""
    import polars as pl

    from identity.ids import EVENT_SCHEMA

    paths = sorted(settings.identity.glob("events-*.parquet"), key=lambda path: int(path.stem.split("-")[1]))
    return pl.concat([pl.DataFrame(schema=EVENT_SCHEMA), *(pl.read_parquet(path) for path in paths)])


def _counts(members: pl.DataFrame, events: pl.DataFrame) -> dict[str, int]:
    kinds = dict(events["event_type"].value_counts().iter_rows())
    told = {"created": "create", "merged": "merge", "split": "split", "moved": "move", "retired": "retire"}
    return {
        "records": members.height,
        "customers": members["customer_id"].n_unique(),
        **{name: int(kinds.get(kind, 0)) for name, kind in told.items()},
    }


def _fingerprint(settings: Settings, read: customer_records.Read) -> str:
    """What the grouping depends on: what is read, the linking code, its model, and what stewards decided."""
    from dagster_project.lib.identity_files import deciding, models
    from identity.version import made_by

    told = hashlib.sha256(json.dumps(read.told()).encode())
    told.update(made_by(models.read(models.in_force(settings.data))).encode())
    for path in deciding.paths(settings):
        told.update(path.read_bytes())
    return told.hexdigest()


def _state(settings: Settings, version: int) -> dict[str, Any]:
    path = settings.identity / f"state-{version}.json"
    return json.loads(path.read_text(encoding="utf-8")) if path.exists() else {}


def _replace(path: Path, write: Callable[[Path], object]) -> None:
    temporary = path.with_name(f".{path.name}.tmp")
    write(temporary)
    temporary.replace(path)


def _forget(settings: Settings, version: int) -> None:
    """Removes versions beyond the last kept ones; events stay: they are the history of the ids."""
    for name in ("members", "aliases", "edges", "state"):
        for path in settings.identity.glob(f"{name}-*.*"):
            number = path.stem.removeprefix(f"{name}-")
            if number.isdigit() and int(number) <= version - KEPT_VERSIONS:
                path.unlink(missing_ok=True)
