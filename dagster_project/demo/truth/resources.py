"""Who reaches which division for which need, and what fell to each resource on each day: from the true world.

Without coordinates a resource stands at the centre of its division. Distances are measured as in
`clauses.py`.
"""

from __future__ import annotations

import polars as pl

from dagster_project.demo import pool, services
from dagster_project.demo.clock import DAY
from dagster_project.demo.exports import feeds, masters
from dagster_project.demo.truth import clauses
from dagster_project.demo.words import COORDINATES, STORES, WAREHOUSES
from dagster_project.demo.world import World
from identity.addresses import seeds

RECENT_DAYS = 30
LATE_SECONDS = 15
RIDERS, RIDERS_AT = 20, "310104"
NOWHERE = "unknown"
METHOD_NEEDS = {
    "parcel": ["parcel"],
    "cold_chain": ["parcel"],
    "installation": ["parcel", "installation"],
    "pickup": ["pickup"],
    "same_day": ["same_day", "rider"],
}
NEEDS = ("ambient", "chilled", "frozen", "parcel", "pickup", "same_day", "rider", "installation")
SPARE_WAREHOUSES = tuple((f"WX-{i:02d}", "330109") for i in range(1, 6))
SPARE_STORES = tuple((f"SX-{i:02d}", "330106") for i in range(1, 4))
NOBODY_KNOWS = ("RX-04",)
"""Records of `master_errors.py`: no zone is told of them, no order names them; this one's type is none."""
ANYWHERE, CITY, RADIUS = "anywhere", "city", "radius"


def coverage(world: World, tables: dict[str, pl.DataFrame]) -> pl.DataFrame:
    """adcode, need, coverage_status, order_count, customer_count, resource_count, able_count,
    unplaced_count."""
    orders = tables["orders"].filter(pl.col("paid_at").is_not_null() & (pl.col("channel") != "pos"))
    orders = clauses.needs(world, tables).select("o", "zone").join(orders, on="o")
    orders = orders.join(tables["methods"], on="o", how="left").with_columns(
        pl.col("adcode").fill_null(NOWHERE), need=pl.col("zone").fill_null("ambient")
    )
    grid = orders.select("adcode").unique().join(pl.DataFrame({"need": NEEDS}), how="cross")
    recent = orders.filter(pl.col("paid_at") > world.calendar.as_of - RECENT_DAYS * DAY)
    served = tables["services"].filter(
        (pl.col("item_code") == "installation") & pl.col("cancelled_at").is_null()
    )
    of_method = pl.col("delivery_method").fill_null("parcel").replace_strict(METHOD_NEEDS)
    asked = pl.concat(
        [
            recent.select("o", "need"),
            recent.select("o", need=of_method).explode("need"),
            served.select("o", need=pl.lit("installation")).join(recent.select("o"), on="o"),
        ]
    ).unique()
    counted = asked.join(recent.select("o", "adcode", "owner"), on="o").group_by("adcode", "need")
    counts = counted.agg(order_count=pl.len(), customer_count=pl.col("owner").drop_nulls().n_unique())
    areas = masters.carrier_areas(world)
    reached = _reached(grid.filter(pl.col("adcode") != NOWHERE), areas, world.calendar.as_of)
    frame = grid.join(counts, on=["adcode", "need"], how="left").join(
        reached, on=["adcode", "need"], how="left"
    )
    numbers = ["order_count", "customer_count", "resource_count", "able_count", "unplaced_count"]
    frame = frame.with_columns(pl.col(numbers).fill_null(0).cast(pl.Int64))
    status = (
        pl.when(pl.col("adcode") == NOWHERE)
        .then(pl.lit("no_division"))
        .when(pl.col("resource_count") > 0)
        .then(pl.lit("served"))
        .when(pl.col("able_count") == 0)
        .then(pl.lit("nobody_described"))
        .when(pl.col("unplaced_count") > 0)
        .then(pl.lit("unknown"))
        .otherwise(pl.lit("out_of_reach"))
    )
    return frame.with_columns(coverage_status=status).sort("adcode", "need")


def _reached(places: pl.DataFrame, carrier_areas: pl.DataFrame, as_of: int) -> pl.DataFrame:
    """adcode, need, able_count, resource_count, unplaced_count. `carrier_areas`: as they are exported."""
    able = pl.DataFrame(
        _able(), schema={"need": pl.String, "reach": pl.String, **pool.SCHEMA}, orient="row"
    ).drop("name", "skills")
    centres = seeds.load().region.select("adcode", at_latitude="latitude", at_longitude="longitude")
    able = able.join(centres, on="adcode", how="left").with_columns(
        latitude=pl.coalesce("latitude", pl.col("at_latitude").cast(pl.Float64)),
        longitude=pl.coalesce("longitude", pl.col("at_longitude").cast(pl.Float64)),
    )
    pairs = places.join(able.rename({"adcode": "home"}), on="need")
    pairs = clauses.with_distance(pairs)
    same_city = pl.col("adcode").str.head(4) == pl.col("home").str.head(4)
    inside = pl.col("distance_km") <= pl.col("service_radius_km")
    free = pl.col("service_radius_km").is_null()
    reaches = (
        pl.when(free)
        .then((pl.col("reach") == ANYWHERE) | same_city)
        .otherwise(pl.when(pl.col("reach") == CITY).then(same_city & inside).otherwise(inside))
    )
    counted = pairs.with_columns(reaches=reaches).group_by("adcode", "need")
    found = counted.agg(
        able_count=pl.len(),
        resource_count=pl.col("reaches").sum(),
        unplaced_count=pl.col("reaches").is_null().sum(),
    )
    taken = carrier_areas.filter(
        (pl.col("valid_from") <= as_of) & (pl.col("valid_to") > as_of).fill_null(value=True)
    )
    known = taken["carrier"].n_unique()
    parcels = places.filter(pl.col("need") == "parcel").join(
        taken.group_by("adcode").agg(resource_count=pl.col("carrier").n_unique()), on="adcode", how="left"
    )
    parcels = parcels.with_columns(
        pl.col("resource_count").fill_null(0), able_count=pl.lit(known), unplaced_count=pl.lit(0)
    )
    return pl.concat([found, parcels], how="diagonal_relaxed")


def _able() -> list[tuple[object, ...]]:
    """One row per need that a resource could serve: need, reach, then the columns of pool.SCHEMA. The
    coordinates of the warehouse with a radius are swapped in its file."""
    rows: list[tuple[object, ...]] = []
    for kinds, reach in ((WAREHOUSES, ANYWHERE), (STORES, CITY)):
        for code, name, adcode in kinds:
            zones = services.ZONES.get(code, services.OTHER_ZONES).replace(" ", "").split(",")
            radius = services.RADIUS_KM.get(code)
            longitude, latitude = COORDINATES[code] if radius else (None, None)
            place = (code, name, str(adcode), latitude, longitude, radius, None)
            rows += [(zone, reach, *place) for zone in zones]
            rows += [(need, CITY, *place) for need in ("pickup", "same_day")]
    for spares, reach in ((SPARE_WAREHOUSES, ANYWHERE), (SPARE_STORES, CITY)):
        for spare, division in spares:
            bare = (spare, None, division, None, None, None, None)
            rows += [(zone, reach, *bare) for zone in ("ambient", "chilled", "frozen")]
            rows += [(need, CITY, *bare) for need in ("pickup", "same_day")]
    rows += [
        ("rider", RADIUS, f"RD-{i:03d}", None, RIDERS_AT, None, None, None, None)
        for i in range(1, RIDERS + 1)
    ]
    return rows + [
        ("installation", RADIUS, *technician)
        for technician in pool.TECHNICIANS
        if technician[-1] is None or "installation" in technician[-1]
    ]


def loads(world: World, tables: dict[str, pl.DataFrame]) -> pl.DataFrame:
    """resource_code, load_date, order_count (of warehouses, stores, riders and technicians), report_count,
    p50_load, peak_load, late_report_count: every day from the first, of all but carriers."""
    calendar = world.calendar
    known = clauses.needs(world, tables).filter(pl.col("warehouse").is_not_null())
    due = known.filter((pl.col("ended_at") >= pl.col("ship_due_at")).fill_null(value=True))
    offers = tables["offers"].filter(pl.col("response") == "accepted")
    told = pl.concat(
        [
            due.select(resource_code="warehouse", at="ship_due_at"),
            offers.select("resource_code", at="promised_at"),
        ],
        how="vertical_relaxed",
    )
    day = (pl.col("at") // DAY).cast(pl.Int32).cast(pl.Date)
    ordered = told.group_by("resource_code", load_date=day).agg(order_count=pl.len().cast(pl.Int64))
    reports = feeds.statuses(world).rows.with_columns(at="observed_at")
    reported = reports.group_by("resource_code", load_date=day).agg(
        report_count=pl.len().cast(pl.Int64),
        p50_load=pl.col("load").quantile(0.5, "linear"),
        peak_load=pl.col("load").max(),
        late_report_count=((pl.col("received_at") - pl.col("observed_at")) > LATE_SECONDS)
        .sum()
        .cast(pl.Int64),
    )
    spare = [code for code, _ in (*SPARE_WAREHOUSES, *SPARE_STORES)] + list(NOBODY_KNOWS)
    codes = pl.concat([reports.select("resource_code").unique(), pl.DataFrame({"resource_code": spare})])
    days = pl.DataFrame({"load_date": [calendar.first_day]}).select(
        pl.date_ranges("load_date", pl.lit(calendar.first_day) + pl.duration(days=calendar.days - 1))
    )
    frame = codes.join(days.explode("load_date"), how="cross")
    frame = frame.join(ordered, on=["resource_code", "load_date"], how="left")
    frame = frame.join(reported, on=["resource_code", "load_date"], how="left")
    nothing_tells = pl.col("resource_code").str.starts_with("DT-") | pl.col("resource_code").is_in(
        list(NOBODY_KNOWS)
    )
    known = frame.with_columns(
        pl.col("report_count", "late_report_count").fill_null(0),
        order_count=pl.when(~nothing_tells).then(pl.col("order_count").fill_null(0)),
    )
    return known.sort("resource_code", "load_date")
