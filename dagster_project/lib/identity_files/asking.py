"""`luyue identity explain|history`: what a linking left in a folder, read and put into lines.

The folder is DATA/identity of a run, or the state of linked files; how a chain is found is in
`identity/explain.py`.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from dagster_project.lib.errors import LuyueError

if TYPE_CHECKING:
    import polars as pl


@dataclass(frozen=True)
class Found:
    """Why two records are or are not one customer: `path`, the accepted links between them (None where no
    chain is); `refused`, the links between their two customers that were not accepted. `explain.STEP_SCHEMA`.

    `customers`: the customer of each of the two, by the name that was asked; `members`: all records in force.
    """

    customers: dict[str, str]
    path: pl.DataFrame | None
    refused: pl.DataFrame | None
    members: pl.DataFrame

    @property
    def is_one(self) -> bool:
        """Whether both are one customer."""
        return len(set(self.customers.values())) == 1


def explained(folder: Path, left: str, right: str) -> dict[str, Any]:
    """`found` as rows, with records as people read them."""
    told = found(folder, left, right)
    return {
        "one_customer": told.is_one,
        "customers": told.customers,
        "path": _rows(told.path),
        "refused": _rows(told.refused),
    }


def found(folder: Path, left: str, right: str) -> Found:
    """What a linking left about two records, each named `source/id` or by its id. LuyueError where there is
    none of that name."""
    from identity import explain

    members, edges = newest(folder, "members"), newest(folder, "edges")
    sides = {name: explain.keys_of(members, name) for name in (left, right)}
    for name, keys in sides.items():
        if not keys:
            raise LuyueError(f"{name}: no such record; name it SOURCE/ID as `bridge_customer_records` does")
    customers = {name: _customer(members, keys[0]) for name, keys in sides.items()}
    chain = explain.path(edges, sides[left], sides[right])
    apart = (
        explain.refused(edges, members, customers[left], customers[right])
        if customers[left] != customers[right]
        else None
    )
    return Found(customers, chain, apart, members)


def life(folder: Path, customer_id: str) -> dict[str, Any]:
    """The events of a customer id in their order, and the id that stands for it now.

    LuyueError where no such id ever was.
    """
    from identity import explain

    events = explain.history(newest(folder, "events"), customer_id)
    if events.is_empty():
        raise LuyueError(f"{customer_id}: no such customer id; `bridge_customer_records` has those in force")
    return {
        "customer_id": customer_id,
        "in_force": explain.in_force(newest(folder, "aliases"), customer_id),
        "events": events.to_dicts(),
    }


def newest(folder: Path, name: str) -> pl.DataFrame:
    """A table in force (members, edges, aliases, events). LuyueError where nothing was linked yet, or linked
    files are just being joined by others."""
    from identity.ledger import reading
    from identity.ledger.store import LedgerBusyError, LedgerDamagedError

    pointer = folder / "CURRENT"
    try:
        if pointer.exists():
            return _of_version(folder, name, int(re.sub(r"\D", "", pointer.read_text("utf-8"))))
        if reading.is_ledger(folder):
            return reading.table(folder, name)
    except (LedgerBusyError, LedgerDamagedError) as error:
        raise LuyueError(str(error)) from error
    raise LuyueError(f"{folder}: no customers were linked here yet")


def _of_version(folder: Path, name: str, number: int) -> pl.DataFrame:
    import polars as pl

    if name != "events":
        return pl.read_parquet(folder / f"{name}-{number}.parquet")
    paths = sorted(folder.glob("events-*.parquet"), key=lambda path: int(path.stem.split("-")[1]))
    return pl.concat([pl.read_parquet(path) for path in paths])


def _customer(members: pl.DataFrame, key: str) -> str:
    import polars as pl

    from identity.explain import record_key

    return str(members.filter(record_key() == pl.lit(key))["customer_id"][0])


def _rows(steps: pl.DataFrame | None) -> list[dict[str, Any]] | None:
    from identity.explain import shown

    if steps is None:
        return None
    return [
        {**row, "left": shown(row["left"]), "right": shown(row["right"])}
        for row in steps.iter_rows(named=True)
    ]
