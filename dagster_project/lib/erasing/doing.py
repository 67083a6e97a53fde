"""`luyue erase`: one customer's request, carried out step by step; each step may be repeated.

The request is written first. Then lake and vault are swept, the rest linked anew without the person, what was
made from it dropped, and the receipt written last: killed anywhere, the next call goes on.
"""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterable
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from dagster_project.lib import batches, customers, due, golden, identity_quality, ledger, publish
from dagster_project.lib.erasing import requests
from dagster_project.lib.erasing.sweeping import holding, sweep
from dagster_project.lib.errors import LuyueError
from dagster_project.lib.identity_files import asking
from dagster_project.lib.interventions import outbox
from dagster_project.lib.vault_store import key_of
from dagster_project.settings import Settings

if TYPE_CHECKING:
    import polars as pl

Say = Callable[[str], None]
_VERSIONED = ("members", "aliases", "edges", "state", "golden")


@dataclass(frozen=True)
class Erased:
    """What was done. `files`: exports that still hold the person, as they came. `also`: customers who receive
    orders of this one, or own orders that this one received: perhaps the same person."""

    customer_id: str
    was_done: bool
    records: int = 0
    rows: int = 0
    values: int = 0
    shared: int = 0
    texts: int = 0
    files: tuple[str, ...] = ()
    also: tuple[str, ...] = ()


def preview(settings: Settings, customer_id: str) -> Erased:
    """What would be erased; nothing is written. LuyueError where there is no such customer."""
    request = asked(settings, settings.identity, customer_id)
    if request is not None:
        done = request.receipt is not None
        return Erased(request.customer_id, done, len(request.digests), also=request.also)
    members = asking.newest(settings.identity, "members")
    standing = in_force(settings.identity, customer_id)
    mine = members.filter(customer_id=standing)
    return Erased(standing, False, mine.height, also=_also(members, mine))


def erase(settings: Settings, customer_id: str, say: Say) -> Erased:
    """Erases the customer, or goes on with what an earlier call left. The caller holds the lock."""
    from identity import erasure
    from identity.ledger import store

    request = asked(settings, settings.identity, customer_id)
    if request is not None and request.receipt is not None:
        return _told(request)
    if request is None:
        members = asking.newest(settings.identity, "members")
        mine = members.filter(customer_id=in_force(settings.identity, customer_id))
        gone = frozenset(erasure.digests(erasure.keys(mine)))
        held = holding(settings, gone)
        request = requests.ask(settings, mine["customer_id"][0], gone, held, _also(members, mine))
        say(f"request {request.event_id}: {mine.height} records of {request.customer_id}")
    key = key_of(settings)
    swept = sweep(settings, key)
    ledger.refresh(settings)
    say(f"{swept.rows} rows cleared, {swept.values} values removed, {swept.shared} stay with others")
    as_of = _as_of(settings)
    store.forget(settings.identity)  # a database keeps for a while what was deleted in it
    customers.link_customers(settings, key, as_of)
    golden.write(settings, key, as_of)
    identity_quality.write(settings, as_of)
    say("linked anew without these records")
    _drop_derived(settings)
    outbox.forget(settings, request.digests)
    files = tuple(_files(settings, request.batches))
    receipt: dict[str, Any] = {"records": len(request.digests), **asdict(swept), "files": files}
    requests.acknowledge(settings, request, receipt)
    return Erased(request.customer_id, False, **receipt, also=request.also)


def _told(request: requests.Request) -> Erased:
    receipt = request.receipt or {}
    counts = {name: receipt.get(name, 0) for name in ("records", "rows", "values", "shared", "texts")}
    files = tuple(receipt.get("files", ()))
    return Erased(request.customer_id, True, **counts, files=files, also=request.also)


def asked(settings: Settings, folder: Path, customer_id: str) -> requests.Request | None:
    """The request of before for this customer, or for the one that this id had become."""
    known = {request.customer_id: request for request in requests.requests(settings)}
    if customer_id in known:
        return known[customer_id]
    return known.get(_heir(folder, customer_id) or customer_id)


def _heir(folder: Path, customer_id: str) -> str | None:
    from identity import explain

    return explain.in_force(asking.newest(folder, "aliases"), customer_id)


def in_force(folder: Path, customer_id: str) -> str:
    """The id that stands for this one among the members in `folder`. LuyueError where none does."""
    standing = _heir(folder, customer_id)
    members = asking.newest(folder, "members")
    if standing is None or standing not in members["customer_id"]:
        raise LuyueError(
            f"{customer_id}: no such customer; `luyue identity history` tells what became of an id"
        )
    return standing


def _also(members: pl.DataFrame, mine: pl.DataFrame) -> tuple[str, ...]:
    """The other customers of the orders that the customer has a part in."""
    order = ["record_kind", "source", "channel", "source_record_id"]
    orders = mine.filter(record_kind="order").select(order).unique()
    beside = members.join(orders, on=order, how="semi", nulls_equal=True)["customer_id"].unique().sort()
    return tuple(beside.filter(~beside.is_in(mine["customer_id"].implode())).to_list())


def _as_of(settings: Settings) -> datetime:
    """The cut-off that the warehouse stands at."""
    state = due.read_state(settings)
    if state is None or state.as_of is None:
        return batches.newest_exported_at(settings)
    return datetime.strptime(state.as_of, due.TIME_FORMAT)


def _drop_derived(settings: Settings) -> None:
    """Earlier versions of customers and published files, the warehouse, past cut-offs: all hold the person's
    masks or record numbers; the next run makes anew what is needed."""
    version = customers.current_version(settings)
    for name in _VERSIONED:
        for path in settings.identity.glob(f"{name}-*.*"):
            number = path.stem.removeprefix(f"{name}-")
            if number.isdigit() and int(number) != version:
                path.unlink()
    for path in settings.data.glob(f"{settings.warehouse.name}*"):
        path.unlink()
    shutil.rmtree(settings.data / "asof", ignore_errors=True)
    publish.forget_older(settings)


def _files(settings: Settings, batch_ids: Iterable[str]) -> Iterable[str]:
    """Where the exports that brought these batches still lie: in landing/ or the archive."""
    from dagster_project.lib.ingest.generations import content_of
    from dagster_project.lib.ingest.originals import Originals
    from dagster_project.lib.ingest.store import read_entries

    originals = Originals(settings)
    for entry in read_entries(settings.lake, batch_ids):
        found = originals.find(entry["source"], entry["source_file"], content_of(entry["batch_id"]))
        if found is not None:
            yield str(found.path)
