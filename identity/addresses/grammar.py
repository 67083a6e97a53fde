"""What a form means after a context: the table that turns (form, context) into the next division or group.

A group stands for several divisions that a form may mean; what follows decides between them. Built once
a process from `forms.py`; `walk.py` looks it up.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

import numpy as np
import numpy.typing as npt
import polars as pl

from identity.addresses import forms as surface
from identity.addresses import groups, hashing, seeds, trie

ROOT = 0
KEY_BASE = 1 << 32


@dataclass(frozen=True)
class Grammar:
    """The trie, and for each key (form × KEY_BASE + context) what is read there."""

    trie: trie.Trie
    keys: hashing.Table
    target: npt.NDArray[np.int32]
    """An entity, or a group from `first_group` on."""
    method: npt.NDArray[np.int8]
    weak: npt.NDArray[np.bool_]
    level: npt.NDArray[np.int8]
    """Level of the target; of a group the highest (least) of its members."""
    inferred: npt.NDArray[np.bool_]
    """The target is a town whose district had not been read."""
    repeats: npt.NDArray[np.int32]
    """What the form names, where that stands above what was read and so changes nothing; else 0."""
    first_group: int
    rank: npt.NDArray[np.int8]
    """By node: level of what it stands for in the end; of an undecided group 0."""
    settled: npt.NDArray[np.bool_]
    """By node: nothing that a chain must still have is open, a district was read (be it ambiguous)."""
    nodes: pl.DataFrame
    """One row per entity and group: node, entity (the division itself, of a group the deepest one that all
    members share, or the only one of the highest level), candidates (adcodes of a group)."""
    table: pl.DataFrame
    """The divisions, see `forms.Divisions.table`, with province, city, district, town (entities, 0 if
    none)."""


@lru_cache(maxsize=1)
def load() -> Grammar:
    """The grammar of the committed seeds."""
    source = seeds.load()
    known = surface.divisions(source)
    written = surface.surface_forms(source, known).filter(pl.col("form").str.len_chars() >= 2)
    names = written["form"].unique(maintain_order=True)
    numbers = (
        pl.DataFrame({"form": names}).with_row_index("number").with_columns(pl.col("number").cast(pl.Int64))
    )
    written = written.join(numbers, on="form").drop("form")
    readings = _readings(written, known)
    meanings, members = groups.grouped(readings, known)
    keyed = meanings.with_columns((pl.col("number") * KEY_BASE + pl.col("context")).alias("key")).sort("key")
    first_group = known.table.height
    nodes = groups.final(members, known)
    levels = known.table["level"]
    rank = pl.select(
        pl.when(nodes["candidates"].is_null()).then(levels.gather(nodes["entity"])).otherwise(0)
    ).to_series()
    least = (
        members.join(known.table.select("entity", "level"), on="entity")
        .group_by("node")
        .agg(pl.col("level").min())
    )
    settled = pl.concat([levels, least.sort("node")["level"]]) >= surface.DISTRICT
    return Grammar(
        trie=trie.build(names.to_list()),
        keys=hashing.build(keyed["key"].to_numpy()),
        target=keyed["target"].to_numpy(),
        method=keyed["method"].to_numpy(),
        weak=keyed["weak"].to_numpy(),
        level=keyed["level"].to_numpy(),
        inferred=keyed["inferred"].to_numpy(),
        repeats=keyed["repeats"].to_numpy(),
        first_group=first_group,
        rank=rank.to_numpy(),
        settled=settled.to_numpy(),
        nodes=nodes,
        table=_with_path(known),
    )


def _readings(written: pl.DataFrame, known: surface.Divisions) -> pl.DataFrame:
    """Rows (number, context, entity, method, weak, repeats): what a form may mean in a context without
    groups.

    A form means a division after any division above it, and after itself (repeated). A town under a
    kind that it no longer has (镇 → 街道) is read after its district only; a form of something above
    what was read changes nothing (the chain is repeated).
    """
    level = known.table.select("entity", "level", "parent")
    bound = written.filter(pl.col("context").is_not_null())
    free = written.filter(pl.col("context").is_null()).drop("context").join(level, on="entity")
    below = free.join(known.ancestors.rename({"ancestor": "context"}), on="entity")
    near = (pl.col("context") == pl.col("parent")) | (pl.col("context") == pl.col("entity"))
    renamed_town = (pl.col("level") == surface.TOWN) & (pl.col("method") == surface.ALIAS)
    below = below.filter(near | ~renamed_town)
    columns = ["number", "context", "entity", "method", "weak", "repeats"]
    nothing = pl.lit(ROOT, dtype=pl.Int32).alias("repeats")
    above = (
        free.filter(pl.col("level") <= surface.DISTRICT)
        .drop("level", "parent")
        .join(
            known.ancestors.filter(pl.col("entity") != pl.col("ancestor")),
            left_on="entity",
            right_on="ancestor",
        )
        .rename({"entity_right": "context"})
        .filter(pl.col("entity") != ROOT)
        .with_columns(pl.col("entity").alias("repeats"), pl.col("context").alias("entity"))
    )
    down, again = below.with_columns(nothing).select(columns), above.select(columns)
    bound = bound.with_columns(nothing)
    # 吉林 after 吉林省 is the city: going down is preferred to repeating.
    again = again.join(down, on=["number", "context"], how="anti")
    return pl.concat([down, bound.select(columns), again]).unique(maintain_order=True)


def _with_path(known: surface.Divisions) -> pl.DataFrame:
    """The table with the entity of each level on the way down to the division (0 if there is none)."""
    level = known.table.select(pl.col("entity").alias("ancestor"), pl.col("level").alias("rank"))
    path = known.ancestors.join(level, on="ancestor")
    named = {"province": 1, "city": 2, "district": 3, "town": 4}
    wide = path.group_by("entity").agg(
        pl.col("ancestor").filter(pl.col("rank") == rank).first().fill_null(0).alias(name)
        for name, rank in named.items()
    )
    return known.table.join(wide, on="entity", maintain_order="left").sort("entity")
