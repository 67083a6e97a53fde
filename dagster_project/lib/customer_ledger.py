"""The ledger of the stage that links customers: DATA/identity/ledger.duckdb.

It saves linking anew what did not change. The members, aliases and events of the version in force are what
counts: a ledger that does not belong to that version (a kill, a restored backup, another key) is made anew
from the records, and ids are carried over from those files.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import TYPE_CHECKING

from dagster_project.lib.errors import LuyueError
from dagster_project.settings import Settings

if TYPE_CHECKING:
    import polars as pl

    from identity.ledger.linking import Change
    from identity.ledger.store import Ledger
    from identity.vault_key import VaultKey

VERSION = "version"
"""The fact that names the version of the stage that the ledger belongs to."""


@contextmanager
def relinked(
    settings: Settings,
    key: VaultKey,
    records: pl.DataFrame,
    moment: datetime,
    version: int,
    previous: tuple[pl.DataFrame, pl.DataFrame, pl.DataFrame],
) -> Iterator[tuple[dict[str, pl.DataFrame], Change]]:
    """Links the live records after version `version`; the tables of the next one by name, and what changed.

    `previous`: members, aliases and all events up to that version. What is written within the block is in
    force before the ledger is. Raises LuyueError, with the version before still in force, where the records
    that are new would merge far more customers than is usual.
    """
    from dagster_project.lib.identity_files import deciding, models
    from identity.ledger import reading
    from identity.ledger.linking import link
    from identity.records import RECORD_KEY
    from identity.version import made_by

    model = models.read(models.in_force(settings.data))
    with _ledger(settings, key, version) as ledger:
        held = ledger.ask(f"select {', '.join(RECORD_KEY)} from record")
        removed = held.join(records, on=list(RECORD_KEY), how="anti", nulls_equal=True)
        change = link(
            ledger,
            records,
            model,
            deciding.decisions(settings),
            moment,
            removed=removed,
            made_by="" if settings.full_refresh else made_by(model),
            previous=None if held.height else previous,
        )
        if version and not change.is_whole:
            _bounded(change)
        tables = {name: reading.of(ledger, name) for name in ("members", "aliases", "edges")}
        yield {**tables, "events": change.events}, change
        ledger.note(VERSION, str(version + 1))
        ledger.commit()


def _bounded(change: Change) -> None:
    from identity.ledger import blast

    try:
        blast.check(change)
    except blast.BlastError as error:
        raise LuyueError(f"{error}; or let it with `luyue run --full-refresh`") from error


def _ledger(settings: Settings, key: VaultKey, version: int) -> Ledger:
    """The ledger of this version; an empty one where it is another's."""
    from identity.ledger.store import Ledger, LedgerDamagedError, forget
    from identity.vault_key import VaultError

    try:
        ledger = Ledger(settings.identity, key)
        if ledger.is_empty() or ledger.fact(VERSION) == str(version):
            return ledger
        ledger.close()
    except (VaultError, LedgerDamagedError):
        pass
    forget(settings.identity)
    return Ledger(settings.identity, key)
