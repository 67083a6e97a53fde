"""Master data files: SKUs, their channel codes, warehouses, resources, carrier areas. Exported twice,
whole."""

from __future__ import annotations

import polars as pl

from dagster_project.demo import master_errors, pool, services
from dagster_project.demo.clock import DAY, FREEZE, stamp
from dagster_project.demo.dwellings import places
from dagster_project.demo.exports.luyue_orders import put
from dagster_project.demo.exports.writing import Landing
from dagster_project.demo.words import CARRIERS, COORDINATES, STORES, WAREHOUSES
from dagster_project.demo.world import World

OWNERS = {"服饰": "品类一部", "小家电": "品类一部", "美妆": "品类二部", "食品": "品类二部", "生鲜": "生鲜部"}


def write(world: World, landing: Landing) -> None:
    """The files of the first and of the middle day; the later one is the same but for its time."""
    calendar = world.calendar
    evenings = [calendar.start + FREEZE, calendar.start + calendar.days // 2 * DAY + FREEZE]
    wrong = _with_errors(world)
    forms = {"sku_aliases": "gb18030", "warehouses": "xlsx"}
    tables = {feed: (frame, forms.get(feed, "csv")) for feed, (frame, _) in wrong.items()}
    for number, at in enumerate(evenings):
        for minute, (feed, (frame, form)) in enumerate(tables.items()):
            rows = frame.sort(frame.columns[0], descending=bool(number), maintain_order=True)
            put(landing, f"luyue_{feed}", f"luyue_{feed}_{stamp(at + minute * 60)}", rows, form)


def errors(world: World) -> pl.DataFrame:
    """entity, record_key, rule_code: what is wrong in these files, each once."""
    told = [error for _, listed in _with_errors(world).values() for error in listed]
    return pl.DataFrame(told).select("entity", "record_key", "rule_code").sort(pl.all())


def carrier_areas(world: World) -> pl.DataFrame:
    """The areas as they are exported; times as seconds."""
    return _with_errors(world)["carrier_areas"][0]


def _with_errors(world: World) -> dict[str, tuple[pl.DataFrame, list[master_errors.Row]]]:
    """By feed the sound rows and the wrong ones, and what is wrong."""
    skus, start = _skus(world), world.calendar.start
    made = {
        "skus": (skus, *master_errors.skus(skus)),
        "sku_aliases": (_aliases(world), *master_errors.aliases()),
        "warehouses": (_warehouses(), *master_errors.warehouses()),
        "resources": (_resources(world), *master_errors.resources(start)),
    }
    both = {
        feed: (pl.concat([sound, wrong], how="diagonal_relaxed"), told)
        for feed, (sound, wrong, told) in made.items()
    }
    return both | {"carrier_areas": master_errors.areas(_areas(start), world)}


def _skus(world: World) -> pl.DataFrame:
    return world.skus.select(
        "sku_code",
        "barcode",
        pl.col("title").alias("name"),
        "category",
        "temperature_class",
        "weight_kg",
        pl.col("cost").alias("cost_cny"),
        pl.col("category").replace_strict(OWNERS, default="综合部").alias("owner"),
    )


def _aliases(world: World) -> pl.DataFrame:
    """The shops sell under our own codes, and on 京东 under a code of its own besides."""
    shops = (
        world.orders.filter(pl.col("channel") != "pos").select("channel", "shop_id").unique().sort("channel")
    )
    own = shops.join(world.skus.select("sku_code"), how="cross").with_columns(channel_sku_code="sku_code")
    jd = own.filter(pl.col("channel") == "jd").with_columns(
        channel_sku_code=pl.concat_str(pl.lit("JD"), "sku_code")
    )
    return pl.concat([own, jd]).select("channel", "shop_id", "channel_sku_code", "sku_code")


def _located(rows: tuple[tuple[str, str, int], ...]) -> pl.DataFrame:
    frame = pl.DataFrame(rows, schema=["code", "name", "adcode"], orient="row").with_columns(
        pl.col("adcode").cast(pl.String)
    )
    points = {
        "code": list(COORDINATES),
        "latitude": [latitude for latitude, _ in COORDINATES.values()],
        "longitude": [longitude for _, longitude in COORDINATES.values()],
    }
    return frame.join(
        places().drop("d", "legacy", "is_shared"), on="adcode", how="left", maintain_order="left"
    ).join(pl.DataFrame(points), on="code", how="left", maintain_order="left")


def warehouse_provinces() -> pl.DataFrame:
    """warehouse, warehouse_province: where each stands, as its file says."""
    return _warehouses().select(warehouse="warehouse_code", warehouse_province="province")


def _warehouses() -> pl.DataFrame:
    return _located(WAREHOUSES).select(
        pl.col("code").alias("warehouse_code"),
        "name",
        "province",
        "city",
        "district",
        "latitude",
        "longitude",
        address=pl.lit("物流大道1号"),
        owner=pl.lit("仓储部"),
    )


def _resources(world: World) -> pl.DataFrame:
    kinds = [(WAREHOUSES, "warehouse", services.CAPACITY), (STORES, "store", 200)]
    parts = [
        _located(rows).select(
            pl.col("code").alias("resource_code"),
            pl.lit(kind).alias("resource_type"),
            "name",
            "adcode",
            "latitude",
            "longitude",
            pl.lit(capacity).alias("capacity_per_day"),
        )
        for rows, kind, capacity in kinds
    ]
    riders = pl.DataFrame({"resource_code": [f"RD-{i:03d}" for i in range(1, 21)]}).with_columns(
        resource_type=pl.lit("rider"),
        name=pl.concat_str(pl.lit("骑手"), pl.col("resource_code").str.tail(3)),
        adcode=pl.lit("310104"),
        latitude=pl.lit(None, pl.Float64),
        longitude=pl.lit(None, pl.Float64),
        capacity_per_day=pl.lit(40),
    )
    code, houses = pl.col("resource_code"), {name for name, _, _ in WAREHOUSES}
    own = pl.concat([*parts, riders], how="vertical_relaxed").with_columns(
        capacity_per_day=pl.when(code == services.BUSY)
        .then(services.capacity(world))
        .otherwise("capacity_per_day"),
        service_radius_km=code.replace_strict(services.RADIUS_KM, default=None, return_dtype=pl.Float64),
        temperature_zones=pl.when(code.is_in(houses))
        .then(code.replace_strict(services.ZONES, default=services.OTHER_ZONES, return_dtype=pl.String))
        .otherwise(pl.lit(services.OTHER_ZONES)),
    )
    every = pl.concat([own, pool.resources()], how="diagonal_relaxed")
    return every.with_columns(valid_from=pl.lit(world.calendar.start))


def _areas(start: int) -> pl.DataFrame:
    carriers = pl.DataFrame({"carrier": [c[0] for c in CARRIERS]})
    frame = carriers.join(places().select("adcode"), how="cross")
    hours = 48.0 + (pl.col("adcode").cast(pl.Int64) % 4) * 24.0
    return frame.with_columns(
        service_level=pl.lit("standard"), promised_hours=hours, valid_from=pl.lit(start)
    )
