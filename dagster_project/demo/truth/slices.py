"""The five parts of the index by warehouse, province and customer tier, over the whole time.

A part is counted as in `kpis`, with the member of the slice in the place of the channel: so a merge group
counts whole under each member that has an order of it.
"""

from __future__ import annotations

import polars as pl

from dagster_project.demo.clock import Calendar
from dagster_project.demo.truth import kpis
from dagster_project.demo.truth.further import NO_WAREHOUSE, tiers

DIMENSIONS = ("warehouse", "province", "customer_tier")
UNKNOWN = "unknown"


def table(calendar: Calendar, tables: dict[str, pl.DataFrame]) -> pl.DataFrame:
    """kpi, dimension, member, numerator, denominator."""
    marks = _marks(tables["orders"])
    counted = []
    for dimension in DIMENSIONS:
        member = marks.select("o", channel=pl.col(dimension).fill_null(UNKNOWN))
        named = ("orders", "anomalies", "changes", "offers", "members")
        sliced = {name: tables[name].drop("channel").join(member, on="o", how="left") for name in named}
        facts = kpis.parts(calendar, {**sliced, "groups": tables["groups"]})
        sums = facts.filter(pl.col("channel") != "all").group_by("kpi", member="channel")
        counted.append(
            sums.agg(pl.col("numerator", "denominator").sum()).with_columns(dimension=pl.lit(dimension))
        )
    return pl.concat(counted).sort("kpi", "dimension", "member")


def _marks(orders: pl.DataFrame) -> pl.DataFrame:
    """o, and of each dimension what the exports let one know."""
    shown = ~pl.col("channel").is_in(list(NO_WAREHOUSE))
    known = pl.col("adcode").is_not_null() & (pl.col("channel") != "pos")
    worth = tiers(orders).select("owner", customer_tier="tier")
    return orders.join(worth, on="owner", how="left").select(
        "o",
        "customer_tier",
        warehouse=pl.when(shown).then("warehouse"),
        province=pl.when(known).then("province"),
    )
