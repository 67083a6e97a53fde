"""`luyue identity link`: the records of a file to customers, alone or together with those of files before.

The linking itself is `identity/`; here are the file and the state.
"""

from __future__ import annotations

import time
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from dagster_project import settings as settings_module
from dagster_project.lib.errors import LuyueError
from dagster_project.lib.identity_files import as_lake, deciding, kept, models, reading, writing

if TYPE_CHECKING:
    import polars as pl

    from identity.ledger.linking import Change
    from identity.ledger.store import Ledger
    from identity.link import Model

FILES = "files"
"""The fact of the ledger that counts the linkings."""


@dataclass
class Linked:
    """What came of a file: its rows, the live records and customers, what happened to the ids.

    `looked_at`: the records whose customer was decided anew; all of them in the first linking, and where
    model, rules or reference changed.
    """

    output: str
    rows: int
    records: int
    customers: int
    looked_at: int
    events: dict[str, int]
    seconds: float = 0.0
    notices: list[str] = field(default_factory=list)


def link_file(
    source: Path,
    output: Path,
    *,
    state: Path | None = None,
    edges: Path | None = None,
    model: Path | None = None,
    key_hex: str | None = None,
    merges_limit: int | None = None,
) -> Linked:
    """Writes source, source_record_id, customer_id of every live record to `output`, in their order.

    With `state` the records join those kept there (the same source and id replaces), ids last, and the work
    follows what the new records touch. `edges` gets left_record_id, right_record_id, probability, accepted,
    tier. `model` is a folder with model.json. `merges_limit` lets one file retire more ids by merging than
    is usual. Raises LuyueError where a file or folder cannot be used; the state is then as before.
    """
    begun = time.monotonic()
    writing.check(source, output, edges)
    chosen = models.read(model or models.in_force(state))
    found = reading.opened(source)
    if state is None:
        told, change = writing.at_once(found, chosen)
    else:
        told, change = _joined(state, found, chosen, key_hex, merges_limit, edges is not None)
    writing.write(output, told.members)
    if edges is not None:
        writing.write(edges, writing.pairs(told, chosen))
    kinds = dict(change.events["event_type"].value_counts().sort("event_type").iter_rows())
    return Linked(
        str(output),
        found.rows,
        told.members.height,
        told.members["customer_id"].n_unique(),
        change.looked_at,
        kinds,
        round(time.monotonic() - begun, 3),
        found.told(),
    )


def _joined(
    state: Path,
    found: reading.Records,
    model: Model,
    key_hex: str | None,
    merges_limit: int | None,
    with_edges: bool,
) -> tuple[writing.Told, Change]:
    """Links the records into the state, and tells what it then holds."""
    from identity import vault_key
    from identity.ledger.blast import BlastError
    from identity.ledger.store import Ledger, LedgerBusyError, LedgerDamagedError

    key = vault_key.load_or_create_key(state / "keys" / "vault.key", key_hex)
    try:
        with Ledger(state, key) as ledger:
            change = _taken(ledger, found, model, merges_limit)
            return writing.told(ledger, with_edges), change
    except (LedgerBusyError, LedgerDamagedError) as error:
        raise LuyueError(str(error)) from error
    except BlastError as error:
        raise LuyueError(f"{error}; or let it with --allow-merges NUMBER") from error


def _taken(ledger: Ledger, found: reading.Records, model: Model, merges_limit: int | None) -> Change:
    from dagster_project.lib.erasing import of_files
    from identity.ledger import blast, sealing
    from identity.ledger.linking import MADE_BY, link
    from identity.version import made_by

    version = made_by(model)
    number = int(ledger.fact(FILES) or 0) + 1
    columns = reading.columns()

    def seal(piece: pl.DataFrame) -> pl.DataFrame:
        return sealing.seal(piece, ledger.key)

    settings = settings_module.load(data=ledger.folder, env={})
    parts = of_files.living(settings, found.parts)
    with kept.adding(ledger.folder, ledger.key, number, parts) as told:
        records = as_lake.record_table(told, seal)
    found.live = records.height
    needless = kept.merged(ledger.folder, ledger.key, columns)
    if number > 1 and ledger.fact(MADE_BY) != version:
        known = of_files.living(settings, [kept.load(ledger.folder, ledger.key, columns)])
        records = as_lake.record_table(known, seal)
    change = link(
        ledger,
        records,
        model,
        deciding.decisions(settings),
        datetime.now().astimezone(),
        made_by=version,
    )
    blast.check(change, merges_limit)
    ledger.note(FILES, str(number))
    ledger.commit()
    for path in needless:
        path.unlink()
    return change
