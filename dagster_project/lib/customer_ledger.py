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
def opened(settings: Settings, key: VaultKey, version: int) -> Iterator[Ledger]:
    """The ledger of this version, an empty one where it is another's; what is not kept is undone."""
    with _ledger(settings, key, version) as ledger:
        yield ledger


def is_as_now_made(settings: Settings, ledger: Ledger) -> bool:
    """Whether the records that the ledger holds can be gone on from: linked with this code and model."""
    from dagster_project.lib.identity_files import models
    from identity.ledger.linking import MADE_BY
    from identity.version import made_by

    if settings.full_refresh or ledger.is_empty():
        return False
    return ledger.fact(MADE_BY) == made_by(models.read(models.in_force(settings.data)))


def relink(
    settings: Settings,
    ledger: Ledger,
    records: pl.DataFrame,
    changed: pl.DataFrame | None,
    moment: datetime,
    version: int,
    previous: tuple[pl.DataFrame, pl.DataFrame, pl.DataFrame],
) -> tuple[dict[str, pl.DataFrame], Change]:
    """Links the live records after version `version`; the tables of the next one by name, and what changed.

    `records`, `changed`: as `customer_records.build` gives them. `previous`: members, aliases and all events
    up to that version. Raises LuyueError, with the version before still in force, where the records that are
    new would merge far more customers than is usual.
    """
    from dagster_project.lib.identity_files import deciding, models
    from identity.ledger import reading
    from identity.ledger.linking import link
    from identity.version import made_by

    model = models.read(models.in_force(settings.data))
    is_new = ledger.is_empty()
    change = link(
        ledger,
        records,
        model,
        deciding.decisions(settings),
        moment,
        removed=_gone(ledger, records, changed),
        made_by="" if settings.full_refresh else made_by(model),
        previous=previous if is_new else None,
    )
    if version and not change.is_whole:
        _bounded(change)
    tables = {name: reading.of(ledger, name) for name in ("members", "aliases", "edges")}
    return {**tables, "events": change.events}, change


def keep(ledger: Ledger, version: int) -> None:
    """Puts in force what was done to the ledger; it is the version's from now on."""
    ledger.note(VERSION, str(version))
    ledger.commit()


def _gone(ledger: Ledger, records: pl.DataFrame, changed: pl.DataFrame | None) -> pl.DataFrame:
    """The keys that the ledger holds of records that are no more."""
    from identity.records import RECORD_KEY

    columns = ", ".join(RECORD_KEY)
    if changed is None:
        held = ledger.ask(f"select {columns} from record")
    else:
        held = ledger.ask(
            f"""select {columns} from record semi join changed
            on record.record_kind = changed.record_kind and record.source = changed.source
            and record.source_record_id = changed.source_record_id
            and (changed.channel is null or record.channel = changed.channel)""",
            changed=changed,
        )
    return held.join(records, on=list(RECORD_KEY), how="anti", nulls_equal=True)


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
