"""What a form means after a context: the table that turns (form, context) into the next division or group.

A group stands for several divisions that a form may mean; what follows decides between them. Made from
`forms.py`, kept by `stored.py`; `kernel.py` looks it up.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import polars as pl

from identity.addresses import forms as surface
from identity.addresses import groups, hashing, lexicon, seeds

ROOT = 0
CONTEXT_BITS = 16
"""Bits of a node in a key: there are some 47,000."""
REPEATS_AT, METHOD_AT, WEAK_AT, LEVEL_AT, INFERRED_AT = 16, 32, 34, 35, 38
"""Where a fact stands in its 64 bits; the target stands at 0. `kernel.py` reads them."""


@dataclass(frozen=True)
class Grammar:
    """The lexicon, and for each form in each context what is read there.

    A reading is one number: the target (a division, or a group from `first_group` on); what the form names,
    where that stands above what was read and so changes nothing (else 0); the method as a bit (1 legacy,
    2 alias); weak; the level of the target, of a group the highest (least) of its members; inferred (the
    target is a town whose district had not been read).
    """

    lexicon: lexicon.Lexicon
    entries: npt.NDArray[np.int64]
    """Wide table (`hashing.py`): form << 16 | context → its reading, where something was read before."""
    root: npt.NDArray[np.int64]
    """By form: its reading where nothing was read before, −1 for none."""
    near: npt.NDArray[np.uint8]
    """Filter (`lexicon.pair_filter`) of all forms."""
    high: npt.NDArray[np.uint8]
    """Filter of the full names of provinces and cities, the only ones that begin another chain."""
    first_group: int
    rank: npt.NDArray[np.int8]
    """By node: level of what it stands for in the end; of an undecided group 0."""
    settled: npt.NDArray[np.bool_]
    """By node: nothing that a chain must still have is open, a district was read (be it ambiguous)."""
    region: npt.NDArray[np.int32]
    """By node: the district, else the city, else the province that it stands for or in."""
    nodes: pl.DataFrame
    """One row per entity and group: node, entity (the division itself, of a group the deepest one that all
    members share, or the only one of the highest level), candidates (adcodes of a group)."""
    table: pl.DataFrame
    """The divisions, see `forms.Divisions.table`, with province, city, district, town (entities, 0 if
    none)."""


def build() -> Grammar:
    """The grammar of the committed seeds: two to five seconds; `stored.py` keeps it."""
    source = seeds.load()
    known = surface.divisions(source)
    written = surface.surface_forms(source, known).filter(pl.col("form").str.len_chars() >= 2)
    names = written["form"].unique(maintain_order=True)
    numbers = (
        pl.DataFrame({"form": names}).with_row_index("number").with_columns(pl.col("number").cast(pl.Int64))
    )
    written = written.join(numbers, on="form").drop("form")
    meanings, members = groups.grouped(_readings(written, known), known)
    meanings = meanings.sort("number", "context")
    key = meanings.select(pl.col("number") * (1 << CONTEXT_BITS) + pl.col("context")).to_series()
    readings = _packed(meanings)
    root = np.full(names.len(), -1, dtype=np.int64)
    lone = (meanings["context"] == ROOT).to_numpy()
    root[meanings["number"].to_numpy()[lone]] = readings[lone]
    full = meanings.filter((pl.col("context") == ROOT) & ~pl.col("weak") & (pl.col("level") <= surface.CITY))[
        "number"
    ]
    nodes = groups.final(members, known)
    assert nodes.height < 1 << CONTEXT_BITS
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
    table = _with_path(known)
    regions = table.select(
        pl.when(pl.col("district") > 0).then("district").when(pl.col("city") > 0).then("city")
        .otherwise("province").cast(pl.Int32).alias("region")
    ).to_series()  # fmt: skip
    words, pairs = lexicon.build(names.to_list())
    return Grammar(
        lexicon=words,
        entries=hashing.build_wide(key.to_numpy()[~lone], readings[~lone]),
        root=root,
        near=lexicon.pair_filter(pairs),
        high=lexicon.pair_filter(pairs[full.to_numpy()]),
        first_group=known.table.height,
        rank=rank.to_numpy(),
        settled=settled.to_numpy(),
        region=regions.gather(nodes["entity"]).to_numpy(),
        nodes=nodes,
        table=table,
    )


def _packed(meanings: pl.DataFrame) -> npt.NDArray[np.int64]:
    """The readings as one number each, see `Grammar`."""
    method = pl.col("method").replace_strict({surface.EXPLICIT: 0, surface.LEGACY: 1, surface.ALIAS: 2})
    places = {
        REPEATS_AT: pl.col("repeats"), METHOD_AT: method, WEAK_AT: pl.col("weak"),
        LEVEL_AT: pl.col("level"), INFERRED_AT: pl.col("inferred"),
    }  # fmt: skip
    parts = [pl.col("target").cast(pl.Int64)]
    parts += [fact.cast(pl.Int64) * (1 << place) for place, fact in places.items()]
    return meanings.select(pl.sum_horizontal(parts)).to_series().to_numpy()


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
