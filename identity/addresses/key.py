"""The address key, and how far down an address is known. Two addresses with one key of a room are one door.

What the parts of an address are belongs in `detail.py` and `walk.py`.
"""

from __future__ import annotations

import polars as pl

LEVELS = ("province", "city", "district", "town", "road", "number", "building", "unit", "room")
"""Values of visible_to, from coarse to fine."""


_ONE_BUILDING = "(?:大厦|大楼|中心|广场|公寓|国际|商厦|酒店|宾馆|大院|写字楼)$"
"""A name that stands for one building: behind it a room needs no building's number."""


def with_key(frame: pl.DataFrame) -> pl.DataFrame:
    """Adds address_key (adcode|road|no|building|unit|room) and visible_to to rows that have all other parts.

    Without a numbered road the compound's name stands for the road. A room counts as known only where the
    district is, the compound or the numbered road is, the building is (or the number stands for one), and no
    number in the text was left over: two doors must never share a key, so what is doubtful is not a room.
    """
    numbered = pl.col("road").is_not_null() & pl.col("road_no").is_not_null()
    named = pl.col("community").str.len_chars() >= 2
    placed = (pl.col("district").is_not_null() | pl.col("town").is_not_null()) & (
        numbered | named.fill_null(False)
    )
    has_building = pl.col("building").is_not_null()
    one_building = pl.col("community").is_null() | pl.col("community").str.contains(_ONE_BUILDING)
    anchored = placed & (has_building | (pl.col("road_no").is_not_null() & one_building))
    whole = anchored & pl.col("whole")
    visible = (
        pl.when(whole & pl.col("room").is_not_null()).then(pl.lit("room"))
        .when(placed & has_building & pl.col("unit").is_not_null()).then(pl.lit("unit"))
        .when(placed & has_building).then(pl.lit("building"))
        .when(placed).then(pl.lit("number"))
        .when(pl.col("road").is_not_null() & pl.col("adcode").is_not_null()).then(pl.lit("road"))
        .when(pl.col("town").is_not_null()).then(pl.lit("town"))
        .when(pl.col("district").is_not_null()).then(pl.lit("district"))
        .when(pl.col("city").is_not_null()).then(pl.lit("city"))
        .when(pl.col("province").is_not_null()).then(pl.lit("province"))
    )  # fmt: skip
    place = pl.when(numbered).then(pl.col("road")).otherwise(pl.coalesce("community", "road"))
    building = pl.concat_str(pl.when(numbered).then(pl.col("zone")), pl.col("building"), ignore_nulls=True)
    parts = [
        pl.col("adcode"),
        place,
        pl.col("road_no"),
        building,
        pl.col("unit"),
        pl.col("room"),
    ]
    key = pl.when(pl.col("adcode").is_not_null()).then(
        pl.concat_str([part.fill_null("") for part in parts], separator="|")
    )
    return frame.with_columns(visible.alias("visible_to"), key.alias("address_key"))
