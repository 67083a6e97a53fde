"""Which records show another's contact, found anew where a change may have altered it.

Whose contact it is depends on the account that shows it, and on the accounts that show the same number; so
these accounts are looked at again as a whole. The rule is in `identity/own_contacts.py`.
"""

from __future__ import annotations

import polars as pl

from identity.ledger.exact import accounts as accounts_of
from identity.ledger.schema import AS_TOLD, NAME_FORMS, OF_OTHERS
from identity.ledger.store import Ledger
from identity.own_contacts import FACTS, of_others

HOLDER = "holder"
PLACES = (("phone",), ("phone_mask", "adcode"))
"""What two accounts share that may contest a contact."""
SHOWN = tuple({column: None for place in PLACES for column in place})


def refreshed(ledger: Ledger, accounts: pl.Series, changed: pl.DataFrame) -> pl.Series:
    """Brings `is_lent` up to date; the records (rids) for which it turned.

    `accounts`: the records (rids) of the accounts that a change touched; `changed`: the columns of SHOWN of
    the rows that went and that came.
    """
    theirs = ledger.facts(accounts, SHOWN, AS_TOLD).select(SHOWN)
    shown = _at(ledger, pl.concat([theirs, changed.select(SHOWN)]))
    asked = pl.concat([accounts, shown["rid"]]).unique()
    near = pl.concat([_at(ledger, shown)["rid"], asked])
    records = ledger.records(ledger.with_accounts(near, HOLDER), AS_TOLD, FACTS)
    now = records.select("rid", now=of_others(records, accounts_of(ledger, records, HOLDER)))
    turned = ledger.ask(
        "select record.rid, now.now from record join now using (rid) semi join asked using (rid) "
        "where record.is_lent <> now.now",
        now=now,
        asked=asked.to_frame(),
    )
    ledger.do(
        "update record set is_lent = turned.now from turned where record.rid = turned.rid", turned=turned
    )
    return turned["rid"]


def _at(ledger: Ledger, rows: pl.DataFrame) -> pl.DataFrame:
    """The records that show a number or a mask in a district that these rows show."""
    found = []
    for place in PLACES:
        asked = rows.select(place).drop_nulls().unique()
        found.append(
            ledger.ask(
                f"select rid, {', '.join(SHOWN)} from record semi join asked using ({', '.join(place)})",
                asked=asked,
            )
        )
    return pl.concat(found).unique("rid")


def owned(records: pl.DataFrame, is_lent: pl.Series) -> pl.DataFrame:
    """The records without contacts that are another's."""
    return records.with_columns(
        pl.when(~is_lent).then(column).alias(column) for column in (*OF_OTHERS, *NAME_FORMS)
    )
