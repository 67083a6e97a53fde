"""What was promised in each contract and what became of it, and what its resource could not do: from the true
world. Points are measured by another formula (chord length) than the project's."""

from __future__ import annotations

import numpy as np
import polars as pl

from dagster_project.demo import services
from dagster_project.demo.clock import DAY, HOUR
from dagster_project.demo.truth.contracts import knows_warehouse, signed
from dagster_project.demo.words import COORDINATES, DEFAULT_SHIP_HOURS, WAREHOUSES
from dagster_project.demo.world import World
from identity.addresses import seeds

EARTH_KM = 6371.0088


def clauses(world: World, tables: dict[str, pl.DataFrame]) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Clauses (o, clause_code, item_code, promised_at, actual_at, clause_status) and conflicts (o,
    clause_code, conflict_code)."""
    asked = needs(world, tables)
    found = conflicts(world, asked, tables["services"])
    met, due = signed(), pl.col("promised_delivery_at")
    method = pl.col("delivery_method")
    hourless = {
        "pick_up": method == "pickup",
        "installation": method == "installation",
        "cold_chain": pl.col("zone").is_not_null(),
    }
    day_end = (pl.col("paid_at") // DAY + 1) * DAY
    parts = [
        _clause(asked, "ship_by", pl.col("ship_due_at"), pl.col("ship_at")),
        _clause(asked.filter(due.is_not_null()), "deliver_by", due, met),
        _clause(asked.filter(method == "same_day"), "same_day", day_end, met),
        *(
            _clause(asked.filter(which), code, pl.lit(None, pl.Int64), pl.col("ship_at"))
            for code, which in hourless.items()
        ),
        _services(world, asked, tables["services"]),
    ]
    every = pl.concat(parts).join(
        found.group_by("o", "clause_code").agg(has_conflict=pl.lit(True)), on=["o", "clause_code"], how="left"
    )
    return every.with_columns(clause_status=_status(world.calendar.as_of)).drop(
        "has_conflict", "ended_at"
    ), found


def _clause(orders: pl.DataFrame, code: str, promised: pl.Expr, actual: pl.Expr) -> pl.DataFrame:
    return orders.select(
        "o",
        "ended_at",
        clause_code=pl.lit(code),
        item_code=pl.lit(None, pl.String),
        promised_at=promised,
        actual_at=actual,
    )


def _services(world: World, needs: pl.DataFrame, items: pl.DataFrame) -> pl.DataFrame:
    """A service is seen to be done by the next export of the feed."""
    times = pl.DataFrame({"actual_at": world.calendar.exports("luyue_service_items")})
    kept = items.filter(pl.col("cancelled_at").is_null()).sort("done_at")
    seen = kept.join_asof(times, left_on="done_at", right_on="actual_at", strategy="forward", coalesce=False)
    return seen.join(needs.select("o", "ended_at"), on="o").select(
        "o",
        "ended_at",
        clause_code=pl.lit("service_item"),
        item_code="item_code",
        promised_at="required_by",
        actual_at="actual_at",
    )


def _status(as_of: int) -> pl.Expr:
    due, done, over = pl.col("promised_at"), pl.col("actual_at"), pl.col("ended_at")
    void = (over < pl.coalesce(due, done)).fill_null(False) | (
        over.is_not_null() & due.is_null() & done.is_null()
    )
    return (
        pl.when(void)
        .then(pl.lit("void"))
        .when(due.is_null() & done.is_null())
        .then(pl.lit("open"))
        .when(due.is_null())
        .then(pl.when("has_conflict").then(pl.lit("broken")).otherwise(pl.lit("kept")))
        .when(done <= due)
        .then(pl.lit("kept"))
        .when(done.is_not_null() | (due <= as_of))
        .then(pl.lit("broken"))
        .otherwise(pl.lit("open"))
    )


def needs(world: World, tables: dict[str, pl.DataFrame]) -> pl.DataFrame:
    """The orders of contracts with ship_due_at, delivery_method, the zone that their goods need, and the
    warehouse where anybody tells it."""
    orders = tables["orders"].filter(pl.col("paid_at").is_not_null() & (pl.col("channel") != "pos"))
    closed = orders.filter(pl.col("closed_at").is_not_null()).select("o", closed=pl.lit(True))
    cold = world.lines.join(world.skus.select("sku", "temperature_class"), on="sku")
    cold = cold.filter(pl.col("temperature_class") != "ambient").join(closed, on="o", how="left")
    cold = cold.filter(pl.col("line_cancelled_at").is_null() | pl.col("closed").fill_null(False))
    cold = cold.group_by("o").agg(pl.col("temperature_class").max())
    frame = orders.join(tables["methods"], on="o", how="left").join(cold, on="o", how="left")
    asked = pl.when(pl.col("delivery_method") == "cold_chain").then(pl.lit("chilled"))
    return frame.with_columns(
        ship_due_at=pl.coalesce("promised_ship_at", pl.col("paid_at") + DEFAULT_SHIP_HOURS * HOUR),
        zone=pl.coalesce("temperature_class", asked),
        warehouse=pl.when(knows_warehouse()).then("warehouse"),
    )


def conflicts(world: World, needs: pl.DataFrame, items: pl.DataFrame) -> pl.DataFrame:
    """o, clause_code, conflict_code."""
    known = needs.filter(pl.col("warehouse").is_not_null())
    method = pl.col("delivery_method")
    zones = pl.col("warehouse").replace_strict(
        services.ZONES, default=services.OTHER_ZONES, return_dtype=pl.String
    )
    cities = {code: str(adcode)[:4] for code, _, adcode in WAREHOUSES}
    away = pl.col("adcode").str.head(4) != pl.col("warehouse").replace_strict(cities, return_dtype=pl.String)
    by_hand = (
        pl.when(method == "pickup")
        .then(pl.lit("pick_up"))
        .when(method == "same_day")
        .then(pl.lit("same_day"))
    )
    promised = (
        pl.when(pl.col("promised_delivery_at").is_not_null())
        .then(pl.lit("deliver_by"))
        .otherwise(pl.lit("ship_by"))
    )
    served = items.filter((pl.col("item_code") == "installation") & pl.col("cancelled_at").is_null())
    alone = known.join(served, on="o", how="anti").filter(method == "installation")
    return pl.concat(
        [
            _conflict(
                known.filter(~zones.str.contains(pl.col("zone"))), pl.lit("cold_chain"), "wrong_temperature"
            ),
            _conflict(known.filter(away & by_hand.is_not_null()), by_hand, "other_city"),
            _conflict(_too_far(known), pl.coalesce(by_hand, promised), "outside_radius"),
            _conflict(_too_many(world, known), pl.lit("ship_by"), "over_capacity"),
            _conflict(alone, pl.lit("installation"), "nobody_assigned"),
        ]
    )


def _conflict(orders: pl.DataFrame, clause: pl.Expr, code: str) -> pl.DataFrame:
    return orders.select("o", clause_code=clause, conflict_code=pl.lit(code))


def _too_many(world: World, known: pl.DataFrame) -> pl.DataFrame:
    """Beyond a warehouse's capacity of the day on which shipping falls due, by payment."""
    room = (
        pl.when(pl.col("warehouse") == services.BUSY)
        .then(services.capacity(world))
        .otherwise(services.CAPACITY)
    )
    queue = known.filter((pl.col("ended_at") >= pl.col("ship_due_at")).fill_null(True))
    queue = queue.sort("paid_at", "channel", "channel_order_id")
    place = pl.int_range(1, pl.len() + 1).over("warehouse", pl.col("ship_due_at") // DAY)
    return queue.filter(place > room)


def _too_far(known: pl.DataFrame) -> pl.DataFrame:
    """Of the warehouse with a radius: its point is swapped in the files, which say latitude 104."""
    ((code, radius),) = services.RADIUS_KM.items()
    longitude, latitude = COORDINATES[code]
    mine = known.filter(pl.col("warehouse") == code).with_columns(
        latitude=pl.lit(latitude), longitude=pl.lit(longitude)
    )
    return with_distance(mine).filter(pl.col("distance_km") > radius)


def with_distance(places: pl.DataFrame) -> pl.DataFrame:
    """`places` (adcode, latitude, longitude) with distance_km from the point to the centre of the division;
    null where either is not known."""
    centres = seeds.load().region.select("adcode", to_latitude="latitude", to_longitude="longitude")
    near = places.join(centres, on="adcode", how="left", maintain_order="left")
    points = [near[c].cast(pl.Float64).to_numpy() for c in ("latitude", "longitude")]
    centre = [near[c].cast(pl.Float64).to_numpy() for c in ("to_latitude", "to_longitude")]
    chord = np.sqrt(((_on_sphere(*centre) - _on_sphere(*points)) ** 2).sum(axis=0))
    distance = pl.Series(2 * EARTH_KM * np.arcsin(chord / 2)).fill_nan(None)
    return near.drop("to_latitude", "to_longitude").with_columns(distance_km=distance)


def _on_sphere(latitude: np.ndarray, longitude: np.ndarray) -> np.ndarray:
    """Points of the unit sphere, three rows."""
    phi, theta = np.radians(latitude), np.radians(longitude)
    return np.stack([np.cos(phi) * np.cos(theta), np.cos(phi) * np.sin(theta), np.sin(phi)])
