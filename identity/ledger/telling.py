"""Which accounts tell something else than before a change: only where these are met may a rule say something
else.

What the rules ask of an account is in `identity/accounts.py`: identifiers, names and numbers that its records
show, and whether it is one parcel alone.
"""

from __future__ import annotations

import polars as pl

from identity.accounts import PERSONAL, held_ids
from identity.ledger.store import Ledger

_SHOWN = ("name_token", "mask_head", "phone_mask")
"""Names and numbers; of a name all forms at once."""
_OF_IDS = (*PERSONAL, "account", "openid", "app_id", "touchpoint")


def altered(ledger: Ledger, accounts: pl.DataFrame, changed: pl.Series, parted: pl.Series) -> pl.Series:
    """The records (rids) of the accounts that tell something else.

    `accounts`: the records of touched accounts as `settling.component_of` gives them, all of each that was
    one before; `changed`: the records that are new or whose facts changed; `parted`: the accounts (`old`)
    that lost a record. An account that was one before and is it still, with records more that show nothing
    new, tells the same; unless it was one record, which may have been a parcel alone.
    """
    seen = accounts.with_columns(
        is_new=pl.col("old").is_null(),
        is_other=pl.col("old").is_in(parted.implode())
        | (pl.col("rid").is_in(changed.implode()) & pl.col("old").is_not_null()),
    )
    spread = seen.drop_nulls("old").group_by("old").agg(parts=pl.col("now").n_unique())
    seen = seen.join(spread, on="old", how="left", maintain_order="left")
    by_account = seen.group_by("now").agg(
        pl.col("is_other").any(),
        was=pl.col("old").drop_nulls().n_unique(),
        parts=pl.col("parts").max(),
        records=pl.col("is_new").not_().sum(),
    )
    is_same = ~pl.col("is_other").fill_null(False) & (pl.col("was") == 1) & (pl.col("parts") == 1)
    steady = by_account.filter(is_same & (pl.col("records") > 1)).select("now")
    asked = seen.join(steady, on="now", how="semi")
    more = _new_tellings(ledger, asked)
    steady = steady.filter(~pl.col("now").is_in(more.implode()))
    return accounts.join(steady, on="now", how="anti")["rid"]


def _new_tellings(ledger: Ledger, records: pl.DataFrame) -> pl.Series:
    """The accounts (`now`) whose new records (`is_new`) show what none of the others does."""
    facts = ledger.facts(records["rid"], (*_SHOWN, *_OF_IDS))
    rows = facts.join(records.select("rid", "is_new", group="now"), on="rid")
    new, known = (_tellings(rows.filter(is_new)) for is_new in (pl.col("is_new"), ~pl.col("is_new")))
    return new.join(known, on=["group", "kind", "value"], how="anti")["group"].unique()


def _tellings(rows: pl.DataFrame) -> pl.DataFrame:
    """group, kind, value: what these records show."""
    shown = [rows.select("group", kind=pl.lit(name), value=name).drop_nulls().unique() for name in _SHOWN]
    return pl.concat([held_ids(rows), *shown])
