"""`luyue identity link`: the records of a file, and those kept from files before, to customers.

The linking itself is `identity/`; here are the file, the state and what is written.
"""

from __future__ import annotations

import time
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from dagster_project import settings as settings_module
from dagster_project.lib.customers import told_edges
from dagster_project.lib.errors import LuyueError
from dagster_project.lib.identity_files import as_lake, deciding, kept, reading

if TYPE_CHECKING:
    import polars as pl

    from identity.resolve import Resolution

EXACT_PROBABILITY = 0.995
"""The share of pairs joined by exact rules that were right in the demo world and in generated ones."""
MODEL, EXACT = "model", "exact"


@dataclass
class Linked:
    """What came of a file: its rows, the live records and customers, what happened to the ids."""

    output: str
    rows: int
    records: int
    customers: int
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
) -> Linked:
    """Writes source, source_record_id, customer_id of every live record to `output`, in their order.

    With `state` the records join those kept there (the same source and id replaces), and ids last. `edges`
    gets left_record_id, right_record_id, probability, accepted, tier. `model` is a folder with model.json.
    Raises LuyueError where a file or folder cannot be used.
    """
    import polars as pl

    from dagster_project.lib.address_files import writing
    from identity import vault_key
    from identity.ids import carry_over
    from identity.link import MODEL_DIR, load_model
    from identity.resolve import resolve

    begun = time.monotonic()
    for path in (output, *([edges] if edges else [])):
        writing.checked(path)
        if path.exists() and source.exists() and source.samefile(path):
            raise LuyueError(f"{path}: is the input itself; name another file")
    try:
        chosen = load_model(model or MODEL_DIR)
    except ValueError as error:
        raise LuyueError(str(error)) from error
    found = reading.read(source)
    key = None
    before = kept.empty(reading.columns())
    if state is not None:
        key = vault_key.load_or_create_key(state / "keys" / "vault.key", key_hex)
        before = kept.load(state, key, reading.columns())
    earlier = before.records.join(found.frame, on=["source", reading.KEY], how="anti", maintain_order="left")
    records = pl.concat([earlier, found.frame.select(before.records.columns)])
    table = as_lake.record_table(records)
    made = None if state is None else deciding.decisions(settings_module.load(data=state, env={}))
    resolution = resolve(table, chosen, made)
    clusters = table.with_columns(cluster=resolution.cluster)
    members, events, aliases = carry_over(
        before.members, clusters, datetime.now().astimezone(), previous_aliases=before.aliases
    )
    if state is not None and key is not None:
        now = kept.Kept(before.number + 1, records, members, aliases)
        kept.save(state, key, now, events, told_edges(table, resolution.edges))
    assigned = members.select("source", reading.KEY, "customer_id").sort("source", reading.KEY)
    _write(output, assigned)
    if edges is not None:
        _write(edges, _told(table, resolution))
    kinds = dict(events["event_type"].value_counts().sort("event_type").iter_rows())
    seconds = round(time.monotonic() - begun, 3)
    customers = members["customer_id"].n_unique()
    return Linked(str(output), found.rows, members.height, customers, kinds, seconds, found.notices)


def _told(table: pl.DataFrame, resolution: Resolution) -> pl.DataFrame:
    """One row a pair, by its likeliest edge; a pair is accepted where one of its edges is."""
    import polars as pl

    ids = table["source_record_id"]
    is_model = pl.col("rule") == "model"
    edges = resolution.edges.with_columns(
        pl.when(is_model).then("probability").otherwise(EXACT_PROBABILITY).alias("probability"),
        pl.when(is_model).then(pl.lit(MODEL)).otherwise(pl.lit(EXACT)).alias("tier"),
    )
    pairs = (
        edges.sort("accepted", "probability", "tier", descending=[True, True, False])
        .unique(["left", "right"], keep="first", maintain_order=True)
        .sort("left", "right")
    )
    return pairs.select(
        ids.gather(pairs["left"]).alias("left_record_id"),
        ids.gather(pairs["right"]).alias("right_record_id"),
        "probability",
        "accepted",
        "tier",
    )


def _write(path: Path, frame: pl.DataFrame) -> None:
    from dagster_project.lib.address_files import writing

    with writing.opened(path) as sink:
        sink.write(frame)
