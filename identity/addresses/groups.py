"""Forms that may mean several divisions: the groups they make, and what a group stands for if nothing
decides it.

A group is read like a division: what follows narrows it. The readings themselves are made in
`grammar.py`.
"""

from __future__ import annotations

import polars as pl

from identity.addresses import forms as surface


def grouped(readings: pl.DataFrame, known: surface.Divisions) -> tuple[pl.DataFrame, pl.DataFrame]:
    """One row per (number, context) with its target, and the members (node, entity, live) of the groups."""
    level = known.table.select("entity", "level", "parent")
    first = _collapsed(readings.join(level, on="entity"), known)
    groups = _Groups(known.table.height)
    singles = groups.assign(first)
    wide = groups.members.join(level, on="entity").filter(
        pl.col("level").max().over("node") <= surface.DISTRICT
    )
    after = readings.rename({"context": "member"}).join(
        wide.select("node", pl.col("entity").alias("member"), "live"), on="member"
    )
    # What is read below a member that has the name no longer was found by its old name.
    by_old_name = ~pl.col("live") & (pl.col("method") == surface.EXPLICIT)
    after = after.with_columns(
        pl.when(by_old_name).then(pl.lit(surface.LEGACY, dtype=pl.Int8)).otherwise("method").alias("method")
    )
    second = _collapsed(
        after.select("number", pl.col("node").alias("context"), "entity", "method", "weak", "repeats").join(
            level, on="entity"
        ),
        known,
    )
    doubles = groups.assign(second)
    meanings = pl.concat([singles, doubles])
    district_read = known.table.filter(
        (pl.col("level") == surface.DISTRICT) | pl.col("entity").is_in(_cities_of_towns(known).implode())
    )["entity"]
    inferred = (
        (pl.col("level") == surface.TOWN)
        & (pl.col("target") != pl.col("context"))
        & ~pl.col("context").is_in(district_read.implode())
        & (pl.col("context") < known.table.height)
    )
    return meanings.with_columns(inferred.alias("inferred")), groups.members


def _collapsed(found: pl.DataFrame, known: surface.Divisions) -> pl.DataFrame:
    """Without readings that a better one of the same (form, context) makes needless.

    An alias gives way to a name; a division gives way to one above it that the form means as well.
    """
    key = ["number", "context"]
    best = found.filter(
        (pl.col("method") < surface.ALIAS) | (pl.col("method") == pl.col("method").min().over(key))
    )
    best = best.sort("method", "weak").unique([*key, "entity"], keep="first", maintain_order=True)
    many = best.filter(pl.len().over(key) > 1)
    pairs = many.select(*key, "entity").join(
        known.ancestors.filter(pl.col("entity") != pl.col("ancestor")), on="entity"
    )
    covered = pairs.join(
        many.select(*key, pl.col("entity").alias("ancestor")), on=[*key, "ancestor"], how="semi"
    )
    return best.join(covered.select(*key, "entity"), on=[*key, "entity"], how="anti")


class _Groups:
    """Numbers sets of divisions; equal sets get one number."""

    def __init__(self, first: int) -> None:
        self.first = first
        self.sets = pl.DataFrame(schema={"name": pl.String, "node": pl.Int32})
        self.members = pl.DataFrame(schema={"node": pl.Int32, "entity": pl.Int32, "live": pl.Boolean})

    def assign(self, found: pl.DataFrame) -> pl.DataFrame:
        """Rows (number, context, target, method, weak, level), one per (number, context)."""
        live = pl.col("method") != surface.LEGACY
        tag = pl.col("entity").cast(pl.String) + pl.when(live).then(pl.lit("")).otherwise(pl.lit("?"))
        gathered = (
            found.sort("entity")
            .group_by("number", "context", maintain_order=True)
            .agg(
                pl.col("entity").first().alias("only"),
                pl.len().alias("count"),
                tag.str.join(",").alias("name"),
                pl.col("method").min(),
                pl.col("weak").all(),
                pl.col("level").min(),
                pl.col("repeats").first(),
            )
        )
        names = gathered.filter(pl.col("count") > 1).select("name").unique(maintain_order=True)
        new = names.join(self.sets, on="name", how="anti").with_row_index(
            "node", offset=self.first + self.sets.height
        )
        new = new.with_columns(pl.col("node").cast(pl.Int32)).select("name", "node")
        self.sets = pl.concat([self.sets, new])
        tagged = pl.col("name").str.split(",")
        listed = new.select("node", tagged).explode("name").select(
            "node",
            pl.col("name").str.strip_suffix("?").cast(pl.Int32).alias("entity"),
            (~pl.col("name").str.ends_with("?")).alias("live"),
        )  # fmt: skip
        self.members = pl.concat([self.members, listed])
        target = pl.when(pl.col("count") > 1).then(pl.col("node")).otherwise(pl.col("only")).cast(pl.Int32)
        return gathered.join(self.sets, on="name", how="left", maintain_order="left").select(
            "number",
            pl.col("context").cast(pl.Int32),
            target.alias("target"),
            "method",
            "weak",
            "level",
            "repeats",
        )


def _cities_of_towns(known: surface.Divisions) -> pl.Series:
    """Cities without districts: their towns hang on them."""
    towns = (
        known.table.filter(pl.col("level") == surface.TOWN).select(pl.col("parent").alias("entity")).unique()
    )
    return known.table.filter(pl.col("level") == surface.CITY).join(towns, on="entity", how="semi")["entity"]


def final(members: pl.DataFrame, known: surface.Divisions) -> pl.DataFrame:
    """What each node stands for in the end, if nothing more was read."""
    own = known.table.select(
        pl.col("entity").alias("node"), "entity", pl.lit(None, dtype=pl.List(pl.String)).alias("candidates")
    )
    table = known.table.select("entity", "level", "parent", "code")
    placed = members.join(table, on="entity").with_columns(
        pl.when(pl.col("level") == surface.TOWN)
        .then(pl.col("parent"))
        .otherwise(pl.col("entity"))
        .alias("region")
    )
    region_code = known.table.select(pl.col("entity").alias("region"), pl.col("code").alias("region_code"))
    candidates = (
        placed.join(region_code, on="region")
        .group_by("node")
        .agg(
            pl.col("region_code").unique().sort().alias("candidates"),
            pl.col("region").n_unique().alias("regions"),
            pl.col("region").first(),
        )
    )  # fmt: skip
    size = placed.group_by("node").agg(pl.len().alias("size"))
    shared = (
        placed.join(known.ancestors, on="entity")
        .join(table.select(pl.col("entity").alias("ancestor"), pl.col("level").alias("depth")), on="ancestor")
        .group_by("node", "ancestor", "depth").len()
        .join(size, on="node")
        .filter(pl.col("len") == pl.col("size"))
        .sort("depth")
        .group_by("node").agg(pl.col("ancestor").last().alias("shared"))
    )  # fmt: skip
    top = placed.filter(pl.col("level") == pl.col("level").min().over("node"))
    prominent = top.filter((pl.len().over("node") == 1) & (pl.col("level") <= surface.CITY)).select(
        "node", pl.col("entity").alias("prominent")
    )
    split = placed.filter(pl.col("live")).filter(pl.len().over("node") == 1).select(
        "node", pl.col("entity").alias("survivor"), pl.col("parent").alias("survivor_parent")
    )  # fmt: skip
    same_parent = placed.group_by("node").agg(pl.col("parent").n_unique().alias("parents"))
    decided = (
        candidates.join(shared, on="node")
        .join(prominent, on="node", how="left")
        .join(split, on="node", how="left")
        .join(same_parent, on="node")
        .with_columns(
            pl.when(pl.col("regions") == 1).then(pl.col("region"))
            .when((pl.col("parents") == 1) & pl.col("survivor").is_not_null()).then(pl.col("survivor"))
            .when(pl.col("prominent").is_not_null()).then(pl.col("prominent"))
            .otherwise(None).alias("chosen")
        )
    )  # fmt: skip
    grouped = decided.select(
        "node",
        pl.coalesce("chosen", "shared").alias("entity"),
        pl.when(pl.col("chosen").is_null()).then(pl.col("candidates")).alias("candidates"),
    )
    return pl.concat([own, grouped.cast({"node": pl.Int32, "entity": pl.Int32})]).sort("node")
