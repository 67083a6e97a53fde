"""`luyue erase --state`: one customer of a folder of linked files, out of the records that it keeps and out
of the ledger; what keeps the person out of later files.

Written first is the request; each step after it may be done again, so that the same command goes on where a
kill came between.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from dagster_project.lib.erasing import requests
from dagster_project.lib.erasing.doing import Erased, asked, in_force
from dagster_project.lib.errors import LuyueError
from dagster_project.lib.identity_files import asking, deciding, kept, models
from dagster_project.settings import Settings

if TYPE_CHECKING:
    import polars as pl

    from identity.vault_key import VaultKey


def preview(settings: Settings, customer_id: str) -> Erased:
    """What would be erased; nothing is written. LuyueError where there is no such customer."""
    request = asked(settings, settings.data, customer_id)
    if request is not None:
        return Erased(request.customer_id, request.receipt is not None, len(request.digests))
    standing = in_force(settings.data, customer_id)
    return Erased(
        standing, False, asking.newest(settings.data, "members").filter(customer_id=standing).height
    )


def erase(settings: Settings, customer_id: str) -> Erased:
    """Erases the customer, or goes on with what an earlier call left. LuyueError where there is none."""
    from identity import erasure, vault_key
    from identity.ledger.store import LedgerBusyError, LedgerDamagedError, compact

    folder = settings.data
    request = asked(settings, folder, customer_id)
    if request is not None and request.receipt is not None:
        told = {name: int(request.receipt.get(name, 0)) for name in ("records", "rows")}
        return Erased(request.customer_id, True, told["records"], told["rows"])
    if request is None:
        mine = asking.newest(folder, "members").filter(customer_id=in_force(folder, customer_id))
        gone = frozenset(erasure.digests(erasure.keys(mine)))
        request = requests.ask(settings, mine["customer_id"][0], gone, [], [])
    key = vault_key.load_or_create_key(folder / "keys" / "vault.key", settings.vault_key)
    try:
        _unlinked(settings, key, request.digests)
        rows = _forgotten(folder, key, request.digests)
        compact(folder)
    except (LedgerBusyError, LedgerDamagedError) as error:
        raise LuyueError(str(error)) from error
    done = Erased(request.customer_id, False, len(request.digests), rows)
    requests.acknowledge(settings, request, {"records": done.records, "rows": done.rows})
    return done


def living(settings: Settings, parts: Iterable[pl.DataFrame]) -> Iterator[pl.DataFrame]:
    """The parts of a file without the records of erased customers."""
    gone = requests.erased(settings) if requests.paths(settings) else frozenset()
    for part in parts:
        yield part.filter(~_erased(part, gone)) if gone else part


def _erased(rows: pl.DataFrame, gone: Collection[str]) -> pl.Series:
    from identity import erasure

    return erasure.touchpoints_erased(rows, gone)


def _unlinked(settings: Settings, key: VaultKey, gone: Collection[str]) -> None:
    """Links without these records: in one transaction they and their names are no more in the ledger."""
    import polars as pl

    from identity import erasure
    from identity.ledger.linking import MADE_BY, link
    from identity.ledger.store import Ledger
    from identity.records import RECORD_KEY, RECORD_SCHEMA

    model = models.read(models.in_force(settings.data))
    with Ledger(settings.data, key) as ledger:
        known = ledger.ask(f"select {', '.join(RECORD_KEY)} from record")
        removed = known.filter(erasure.digests(erasure.keys(known)).is_in(list(gone)))
        link(
            ledger,
            pl.DataFrame(schema=RECORD_SCHEMA),
            model,
            deciding.decisions(settings),
            datetime.now().astimezone(),
            removed=removed,
            made_by=ledger.fact(MADE_BY) or "",
        )
        ledger.commit()


def _forgotten(folder: Path, key: VaultKey, gone: Collection[str]) -> int:
    """Takes the records out of the kept files; how many rows told of them."""
    from identity import vault

    rows = 0
    for path in kept.files(folder):
        told = vault.read_table(path, key)
        hit = _erased(told, gone)
        if hit.any():
            rows += int(hit.sum())
            vault.write_table(told.filter(~hit), path, key)
    return rows
