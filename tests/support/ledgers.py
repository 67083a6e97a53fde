"""A ledger beside a linking of all its records at once: what tests of incremental linking compare."""

from __future__ import annotations

import secrets
from datetime import datetime
from pathlib import Path

import polars as pl

from identity.ledger.linking import Change, link
from identity.ledger.store import Ledger
from identity.link import Model
from identity.records import RECORD_KEY
from identity.resolve import resolve
from identity.ulid import RandomSource
from identity.vault_key import VaultKey, load_or_create_key

NOW = datetime(2026, 1, 1, 12)
Edges = set[tuple[frozenset[str], str, float | None, bool]]


def key_in(folder: Path) -> VaultKey:
    return load_or_create_key(folder / "keys" / "vault.key", None)


def linked(
    folder: Path,
    incoming: pl.DataFrame,
    model: Model | None,
    decisions: pl.DataFrame,
    removed: pl.DataFrame | None = None,
    made_by: str = "",
    random_source: RandomSource = secrets.token_bytes,
) -> Change:
    """Links into the ledger of the folder and commits."""
    with Ledger(folder, key_in(folder)) as ledger:
        change = link(
            ledger, incoming, model, decisions, NOW,
            removed=removed, made_by=made_by, random_source=random_source,
        )  # fmt: skip
        ledger.commit()
    return change


def kept(folder: Path) -> tuple[dict[str, str], Edges]:
    """Customer id by record, and all edges, of the ledger."""
    with Ledger(folder, key_in(folder)) as ledger:
        rows = ledger.ask("select record.*, customer_id from record join held using (rid)")
        edges = ledger.ask("select * from edge where rule <> 'apart'")
    name = dict(zip(rows["rid"], rows.select(_name()).to_series(), strict=True))
    ids = dict(zip(name.values(), rows["customer_id"], strict=True))
    told = edges.select(
        pl.col("l", "r").replace_strict(name, default="gone", return_dtype=pl.String),
        "rule",
        "probability",
        "accepted",
    )
    return ids, _edges(told)


def at_once(
    records: pl.DataFrame, model: Model | None, decisions: pl.DataFrame
) -> tuple[set[frozenset[str]], Edges]:
    """The customers and edges of all records linked at once."""
    rows = records.drop("node", strict=False).sort(*RECORD_KEY, nulls_last=True)
    found = resolve(rows, model, decisions)
    name = rows.select(_name()).to_series()
    edges = found.edges.with_columns(
        name.gather(found.edges[s]).alias(n) for s, n in (("left", "l"), ("right", "r"))
    )
    clusters = pl.DataFrame({"name": name, "cluster": found.cluster})
    return groups(dict(clusters.iter_rows())), _edges(
        edges.select("l", "r", "rule", "probability", "accepted")
    )


def groups(assigned: dict[str, str]) -> set[frozenset[str]]:
    """The sets of records that have one customer."""
    of: dict[str, set[str]] = {}
    for name, customer in assigned.items():
        of.setdefault(customer, set()).add(name)
    return {frozenset(members) for members in of.values()}


def _name() -> pl.Expr:
    return pl.concat_str((pl.col(part).fill_null("") for part in RECORD_KEY), separator="/").alias("name")


def _edges(table: pl.DataFrame) -> Edges:
    return {
        (frozenset((left, right)), rule, None if chance is None else round(chance, 9), accepted)
        for left, right, rule, chance, accepted in table.iter_rows()
    }
