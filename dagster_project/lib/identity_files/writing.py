"""What `luyue identity link` writes: the customer of every record, and the links between records."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from dagster_project.lib.address_files import writing
from dagster_project.lib.errors import LuyueError
from dagster_project.lib.identity_files import as_lake
from dagster_project.lib.identity_files.reading import KEY, Records

if TYPE_CHECKING:
    import polars as pl

    from identity.ledger.linking import Change
    from identity.ledger.store import Ledger
    from identity.link import Model

MODEL, EXACT = "model", "exact"


@dataclass(frozen=True)
class Told:
    """`members`: source, source_record_id, customer_id, in their order. `edges`: left, right
    (source_record_ids), rule, probability, accepted; empty where nobody asks."""

    members: pl.DataFrame
    edges: pl.DataFrame


def check(source: Path, output: Path, edges: Path | None) -> None:
    """LuyueError where a file cannot be written, or is the input itself."""
    for path in (output, *([edges] if edges else [])):
        writing.checked(path)
        if path.exists() and source.exists() and source.samefile(path):
            raise LuyueError(f"{path}: is the input itself; name another file")


def at_once(found: Records, model: Model) -> tuple[Told, Change]:
    """Links records that join nothing."""
    import polars as pl

    from identity.ids import ALIAS_SCHEMA, MEMBER_SCHEMA, carry_over
    from identity.ledger.linking import Change
    from identity.resolve import resolve

    tables = [as_lake.record_table(found.parts)]
    named = tables[0].select(column for column in MEMBER_SCHEMA if column != "customer_id")
    found.live = named.height
    resolution = resolve(tables.pop(), model)
    members, events, _ = carry_over(
        pl.DataFrame(schema=MEMBER_SCHEMA),
        named.with_columns(cluster=resolution.cluster),
        datetime.now().astimezone(),
        previous_aliases=pl.DataFrame(schema=ALIAS_SCHEMA),
    )
    ids = named[KEY]
    edges = resolution.edges.select(
        ids.gather(resolution.edges["left"]).alias("left"),
        ids.gather(resolution.edges["right"]).alias("right"),
        "rule",
        "probability",
        "accepted",
    )
    assigned = members.select("source", KEY, "customer_id").sort("source", KEY)
    return Told(assigned, edges), Change(named.height, 0, named.height, events, True)


def told(ledger: Ledger, with_edges: bool) -> Told:
    """What the ledger holds."""
    members = ledger.ask(
        "select source, source_record_id, customer_id from record join held using (rid) "
        "order by source, source_record_id"
    )
    edges = ledger.ask(
        "select a.source_record_id as left, b.source_record_id as right, rule, probability, accepted "
        "from edge join record as a on a.rid = l join record as b on b.rid = r where rule <> 'apart'"
        + ("" if with_edges else " limit 0")
    )
    return Told(members, edges)


def pairs(told: Told, model: Model) -> pl.DataFrame:
    """One row a pair, the lesser id left, by its likeliest edge; it is accepted where one of its edges is.
    The probability is the share of such links that were right where the truth is known
    (`identity/calibration.py`)."""
    import polars as pl

    from identity.calibration import probabilities

    return (
        told.edges.select(
            left_record_id=pl.min_horizontal("left", "right"),
            right_record_id=pl.max_horizontal("left", "right"),
            probability=probabilities(told.edges, model),
            accepted="accepted",
            tier=pl.when(pl.col("rule") == MODEL).then(pl.lit(MODEL)).otherwise(pl.lit(EXACT)),
        )
        .sort("accepted", "probability", "tier", descending=[True, True, False])
        .unique(["left_record_id", "right_record_id"], keep="first", maintain_order=True)
        .sort("left_record_id", "right_record_id")
    )


def write(path: Path, frame: pl.DataFrame) -> None:
    """Writes a table by the file's extension; it appears whole or not at all."""
    with writing.opened(path) as sink:
        sink.write(frame)
