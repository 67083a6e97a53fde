"""The ledger's tables as other parts of the house know them, read beside a linking that may be at work."""

from __future__ import annotations

from pathlib import Path

import polars as pl

from identity.explain import KEY, SEPARATOR
from identity.ids import ALIAS_SCHEMA, EVENT_SCHEMA, MEMBER_SCHEMA
from identity.ledger import sealing
from identity.ledger.schema import APART
from identity.ledger.store import FILE, Ledger, looked_into
from identity.rules import MODEL
from identity.vault_key import VaultKey

_ENDS = ("source", "channel", "source_record_id", "role")
_QUERIES = {
    "members": f"select {', '.join(MEMBER_SCHEMA)} from record join held using (rid)",
    "aliases": f"select {', '.join(ALIAS_SCHEMA)} from alias",
    "events": f"select {', '.join(EVENT_SCHEMA)} from event",
    "edges": "select "
    + ", ".join(f"{t}.{c} as {side}_{c}" for t, side in (("a", "left"), ("b", "right")) for c in _ENDS)
    + f", rule, probability, accepted, case when rule = '{MODEL}' then 'model' else 'exact' end as tier "
    "from edge join record as a on a.rid = l join record as b on b.rid = r "
    f"where rule <> '{APART}'",
}


def is_ledger(folder: Path) -> bool:
    """Whether a ledger is kept in the folder."""
    return (folder / FILE).exists()


def table(folder: Path, name: str) -> pl.DataFrame:
    """members, aliases, events or edges, columns as the stage of the customers writes them, in a fixed
    order."""
    return looked_into(folder, _QUERIES[name]).sort(pl.all(), nulls_last=True)


def faces(folder: Path, key: VaultKey, record: str) -> pl.DataFrame:
    """The faces of the component that a record stands for (its key as `explain.record_key` tells it), names
    in plain; none where it stands for none."""
    same = " and ".join(f"coalesce({name}, '') = ?" for name in KEY)
    query = f"select face.* from face where exact in (select rid from record where {same})"
    found = looked_into(folder, query, record.split(SEPARATOR))
    return found.join(sealing.names(folder, key), on="name_token", how="left").sort(pl.all(), nulls_last=True)


def of(ledger: Ledger, name: str) -> pl.DataFrame:
    """The same of a ledger that is open, as it would be if its transaction ended now; in the ledger's own
    order, since to sort millions of texts takes longer than to read them."""
    return ledger.ask(_QUERIES[name])
