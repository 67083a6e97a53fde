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

from dagster_project.settings import KEPT_VERSIONS, Settings

if TYPE_CHECKING:
    import polars as pl

    from identity.vault import VaultKey

POINTER = "CURRENT"
FEEDS = ("orders", "customer_records")
VAULT_KINDS = ("phone", "name", "account", "email", "birthday")
SHANGHAI = timezone(timedelta(hours=8))
"""The clock of all times in the lake; it has had no summer time since 1991."""


def link_customers(settings: Settings, key: VaultKey, as_of: datetime | None = None) -> dict[str, int]:
    """Writes the customer of every live record as of `as_of` (default: the newest export) and says how many.

    Does nothing, at the cost of reading the ledger, where no batch, address, model or code changed since
    the version in force. Returns records, customers, created, merged, split, moved, retired, and
    is_unchanged (0 or 1).
    """

    settings.identity.mkdir(parents=True, exist_ok=True)
    batches = _batches(settings, as_of)
    fingerprint = _fingerprint(settings, batches)
    version = current_version(settings)
    state = _state(settings, version)
    if state and state["fingerprint"] == fingerprint and not settings.full_refresh:
        return {**state["counts"], "is_unchanged": 1}

    from dagster_project.lib import customer_ledger, erasing
    from identity.records import build_records

    moment = as_of or batches["exported_at"].max() or datetime(1970, 1, 1)
    assert isinstance(moment, datetime)
    records = build_records(
        _lake(settings, batches, "orders"),
        _lake(settings, batches, "customer_records"),
        batches,
        _values(settings, batches, key),
        homes(settings),
        as_of=moment,
    )
    records = erasing.living(settings, records)
    members, aliases = (_previous(settings, version, name) for name in ("members", "aliases"))
    previous = (members, aliases, _events(settings))
    local = moment.replace(tzinfo=SHANGHAI)
    with customer_ledger.relinked(settings, key, records, local, version, previous) as (tables, change):
        counts = _counts(tables["members"], change.events)
        _put_in_force(settings, version + 1, tables, {"fingerprint": fingerprint, "counts": counts})
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


def _batches(settings: Settings, as_of: datetime | None) -> pl.DataFrame:
    """The accepted batches of the feeds that name people, exported at or before `as_of`."""
    import polars as pl

    columns = ["batch_id", "source", "feed", "exported_at", "arrival_seq", "carried_columns", "state"]
    files = sorted((settings.lake / "_batches").glob("*.parquet"))
    if not files:
        empty = pl.DataFrame(schema=dict.fromkeys(columns, pl.String))
        return empty.cast({"exported_at": pl.Datetime("us"), "arrival_seq": pl.Int64})
    ledger = pl.read_parquet(files, columns=columns, hive_partitioning=False)
    taken = ledger.filter((pl.col("state") == "accepted") & pl.col("feed").is_in(FEEDS))
    if as_of is not None:
        taken = taken.filter(pl.col("exported_at") <= as_of)
    return taken.sort("batch_id")


def _lake(settings: Settings, batches: pl.DataFrame, feed: str) -> pl.DataFrame:
    import polars as pl

    from identity.newest import ORDER_KEY, TOUCHPOINT_KEY
    from identity.records import ORDER_COLUMNS, TOUCHPOINT_COLUMNS

    key, facts = (ORDER_KEY, ORDER_COLUMNS) if feed == "orders" else (TOUCHPOINT_KEY, TOUCHPOINT_COLUMNS)
    columns = list(dict.fromkeys([*key, *facts, "batch_id", "exported_at", "source_line"]))
    of_feed = batches.filter(pl.col("feed") == feed).select("source", "batch_id")
    files = [settings.lake / feed / f"source={s}" / f"batch={b}.parquet" for s, b in of_feed.iter_rows()]
    if not files:
        empty = pl.DataFrame(schema=dict.fromkeys(columns, pl.String))
        times = [c for c in columns if c in ("exported_at", "ordered_at", "paid_at", "occurred_at")]
        return empty.cast({**dict.fromkeys(times, pl.Datetime("us")), "source_line": pl.Int64})
    return pl.read_parquet(files, columns=columns, hive_partitioning=False)


def _values(settings: Settings, batches: pl.DataFrame, key: VaultKey) -> pl.DataFrame:
    from identity import vault

    paths = [
        settings.vault / feed / f"batch={b}.parquet"
        for feed, b in batches.select("feed", "batch_id").iter_rows()
    ]
    return vault.read([path for path in paths if path.exists()], key, kinds=VAULT_KINDS)


def homes(settings: Settings) -> pl.DataFrame:
    """The newest standardisation of each address token."""
    import polars as pl

    columns = ["address_token", "address_key_token", "visible_to", "adcode", "reference_as_of"]
    files = sorted(settings.addresses.glob("*.parquet"))
    if not files:
        return pl.DataFrame(schema=dict.fromkeys(columns, pl.String))
    known = pl.read_parquet(files, columns=columns, hive_partitioning=False)
    return known.sort("reference_as_of", "address_token").unique(
        "address_token", keep="last", maintain_order=True
    )


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


def _fingerprint(settings: Settings, batches: pl.DataFrame) -> str:
    """What the grouping depends on: the batches, the standardised addresses, the linking code, its model, and
    what stewards decided and who was erased."""
    from dagster_project.lib import erasing
    from dagster_project.lib.identity_files import deciding, models
    from identity.version import made_by

    told = hashlib.sha256("\n".join(batches["batch_id"]).encode())
    for path in sorted(settings.addresses.glob("*.parquet")):
        told.update(f"{path.name} {path.stat().st_size}\n".encode())
    told.update(made_by(models.read(models.in_force(settings.data))).encode())
    for path in deciding.paths(settings):
        told.update(path.read_bytes())
    told.update("\n".join(sorted(erasing.erased(settings))).encode())
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
