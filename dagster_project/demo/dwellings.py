"""Where people live and work: estates in real districts, one row per true delivery address.

How an address is written on an order is `spellings.py`.
"""

from __future__ import annotations

from pathlib import Path

import numpy as np
import polars as pl

from dagster_project.demo.clock import Calendar
from dagster_project.demo.words import ESTATES, ROADS

PLACES_FILE = Path(__file__).with_name("places.csv")
FLATS_PER_ESTATE = 20 * 3 * 18 * 4
"""Buildings × units × floors × doors of one estate."""
ADDRESSES_PER_ESTATE = 30


def places() -> pl.DataFrame:
    """The districts of the world: d, adcode, province, city, district, legacy (an earlier name, or null),
    is_shared (1 where another city has a district of that name)."""
    return pl.read_csv(PLACES_FILE, schema_overrides={"adcode": pl.String}).with_row_index("d")


def build(calendar: Calendar, count: int) -> pl.DataFrame:
    """`count` addresses: a, adcode, province, city, district, legacy, road, number, estate, building,
    unit, room.

    No two rows are the same place: an estate has a road number of its own, an address a flat of its own.
    """
    rng = calendar.rng("dwellings")
    district = places()
    estates = max(40, count // ADDRESSES_PER_ESTATE)
    popularity = 1 / np.arange(1, len(district) + 1) ** 0.4
    estate = pl.DataFrame(
        {
            "e": np.arange(estates),
            "d": rng.choice(rng.permutation(len(district)), estates, p=popularity / popularity.sum()),
            "estate": rng.choice(np.array(ESTATES), estates),
        }
    ).with_columns(pl.col("d").cast(pl.UInt32), k=pl.int_range(pl.len()).over("d"))
    estate = estate.with_columns(
        road=(pl.col("k") % len(ROADS)).replace_strict(dict(enumerate(ROADS)), return_dtype=pl.String),
        number=(8 + 13 * (pl.col("k") // len(ROADS)) + pl.col("k") % 7).cast(pl.String),
    ).join(district, on="d", how="left", maintain_order="left")
    flat = pl.DataFrame({"a": np.arange(count), "e": rng.integers(0, estates, count)})
    flat = flat.with_columns(
        f=(pl.int_range(pl.len()).over("e") * 1237 + pl.col("e") * 31) % FLATS_PER_ESTATE
    )
    flat = flat.with_columns(
        building=(pl.col("f") % 20 + 1).cast(pl.String),
        unit=(pl.col("f") // 20 % 3 + 1).cast(pl.String),
        room=((pl.col("f") // 60 % 18 + 1) * 100 + pl.col("f") // 1080 + 1).cast(pl.String),
    )
    return flat.join(estate.drop("d", "k"), on="e", how="left", maintain_order="left").drop("e", "f")
