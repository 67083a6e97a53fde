"""What one linking may do to customers: a bad file must not make one customer of thousands.

A linking that merges more than this is not put in force unless a person lets it.
"""

from __future__ import annotations

import polars as pl

from identity.ledger.linking import Change

INTO_ONE = 50
"""Customers that become one; a household card or a counter's number brings a handful together."""
RETIRED_LEAST, RETIRED_SHARE = 200, 0.1
"""Ids that merging retires, at least and by the records looked at, before it is called unusual."""


class BlastError(Exception):
    """A linking would merge more customers than is usual; the text says which and how to go on."""


def check(change: Change, limit: int | None = None) -> None:
    """BlastError where the change merges too many customers. `limit`: how many ids it may retire by
    merging, said by a person; without it the usual bounds hold. A linking of everything anew is judged the
    same way."""
    merged = change.events.filter(event_type="merge")
    if merged.is_empty():
        return
    into = merged.group_by("customer_id").agg(n=pl.len()).sort("n", "customer_id", descending=True)
    customer, most = into.row(0)
    retired = merged.height
    if limit is not None:
        if retired > limit:
            raise BlastError(
                f"{retired} customers would merge into others, more than the {limit} that were allowed"
            )
        return
    usual = max(RETIRED_LEAST, int(RETIRED_SHARE * change.looked_at))
    if most < INTO_ONE and retired <= usual:
        return
    raise BlastError(
        f"nothing was changed: {retired} customers would merge into others, {most} of them into {customer} "
        f"(usual: fewer than {INTO_ONE} into one, and {usual} in all); look for one value "
        "that many of the new records share"
    )
