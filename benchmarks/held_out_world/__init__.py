"""A harsh world of `customer_records` with its truth, by another hand than the identity rules: for
reports only.

Nothing of it was chosen by linking, and no rule, threshold or model may be chosen by its scores: see
`docs/benchmarks/held-out-world.md`. Four years of a merchant on nine channels: households that share numbers,
cards and addresses, dormitories, front desks, parcel stations, villages, companies, resellers, scalpers,
gifts, recycled and virtual numbers, masks by channel, broken cells. How often each happens, and why so
often, is the one table `rates.csv`; tables by channel and touchpoint stand in `happenings`, `names`,
`numbers` and `accounts`.

    python -m benchmarks.held_out_world --records N --out DIR [--seed S] [--describe]
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import numpy as np
    import polars as pl

__all__ = ["World", "world"]


@dataclass(frozen=True)
class World:
    """`records` has the columns of the feed, `truth` source, source_record_id, person_id, row for row."""

    records: pl.DataFrame
    truth: pl.DataFrame
    number: np.ndarray
    """The number behind the phone cell, before a channel hid it."""
    kind: np.ndarray
    """What the phone cell shows of it: an index of `numbers.KINDS`."""


def world(records: int, seed: int = 1) -> World:
    """So many records, the same for the same seed and count; at least 1,000."""
    import polars as pl

    from benchmarks.held_out_world import happenings, people, phones, shown
    from benchmarks.held_out_world.chance import Chance
    from benchmarks.held_out_world.rates import rate

    if records < 1000:
        raise ValueError(f"{records} records: a world needs at least 1,000")
    chance = Chance(seed)
    members = people.build(chance, round(records / rate("records_per_member")))
    numbers = phones.build(chance, members)
    happened = happenings.build(chance, members, numbers, records)
    table, number, kind = shown.table(chance, members, numbers, happened)
    person = pl.Series("person_id", happened.person).cast(pl.String)
    truth = table.select("source", "source_record_id").with_columns(person_id="p" + person)
    return World(table, truth, number, kind)
