"""What is wrong with the merchant's master data: records that no order names, each with errors that are
known.

They stand beside the sound ones in the exports, so that no KPI moves; only two areas of carriers are missing
or closed where orders do go. The truth lists each error by entity, key and the rule that should find it.
"""

from __future__ import annotations

import polars as pl

from dagster_project.demo.barcodes import ean
from dagster_project.demo.clock import DAY
from dagster_project.demo.dwellings import places
from dagster_project.demo.world import World

Row = dict[str, object]
CARRIER = "天天快递"
"""A carrier that no order is sent with: its areas can be wrong without an order noticing."""
SOUND_HOURS = 48.0
_SKU_COLUMNS = (
    "sku_code",
    "barcode",
    "name",
    "category",
    "temperature_class",
    "weight_kg",
    "cost_cny",
    "owner",
)


def _sku(number: int, **wrong: object) -> Row:
    """A sound SKU but for what is said; costs in fen."""
    row: Row = {"sku_code": f"LYX{number:03d}", "barcode": ean(f"69788{number:07d}")}
    row |= {"name": f"登山杖 9{number:03d}", "category": "运动", "temperature_class": "ambient"}
    row |= {"weight_kg": 1.2, "cost_cny": 120_00, "owner": "品类一部"}
    return row | wrong


def skus(sound: pl.DataFrame) -> tuple[pl.DataFrame, list[Row]]:
    """SKUs that are wrong, and each error. `sound`: the SKUs that are sold, in the columns of the feed."""
    first, robot = (
        sound.row(0, named=True),
        sound.filter(pl.col("name").str.starts_with("扫地机器人")).row(0, named=True),
    )
    wrong: list[tuple[Row, str]] = [
        *(
            (_sku(n, sku_code=code), "sku_code_grammar")
            for n, code in enumerate(("lyx001", "LYX 002", "ＬＹＸ003", "LYX#004", "LYX-005-"), 1)
        ),
        (_sku(11, name=None), "sku_name_missing"),
        (_sku(12, category=None), "sku_category_missing"),
        (_sku(13, owner=None), "sku_owner_missing"),
        (_sku(14, barcode=None), "sku_barcode_missing"),
        (_sku(21, barcode=_off(ean("697880000021"))), "sku_barcode_invalid"),
        (_sku(22, barcode="69788000022"), "sku_barcode_invalid"),
        (_sku(23, barcode=ean("697880000230").replace("0", "O")), "sku_barcode_invalid"),
        (_sku(24, barcode=_swapped(ean("697880047124"))), "sku_barcode_invalid"),
        (_sku(31, barcode=first["barcode"]), "sku_barcode_shared"),
        (
            _sku(41, name=str(first["name"]).replace(" ", "　"), category=first["category"]),
            "sku_name_duplicate",
        ),
        (
            _sku(42, name=str(first["name"]).replace(" ", "-"), category=first["category"]),
            "sku_name_duplicate",
        ),
        (
            _sku(43, name=str(robot["name"]).replace("机器人", "机器入"), category=robot["category"]),
            "sku_name_duplicate",
        ),
        (_sku(51, temperature_class="cold"), "sku_temperature_unknown"),
        (_sku(52, category="生鲜"), "sku_temperature_conflict"),
        (_sku(53, category="服饰", temperature_class="frozen"), "sku_temperature_conflict"),
        (
            _sku(54, name="速冻水饺 9054", category="食品", temperature_class="chilled"),
            "sku_temperature_conflict",
        ),
        (_sku(61, weight_kg=1200.0), "sku_weight_range"),
        (_sku(62, weight_kg=0.0), "sku_weight_range"),
        (_sku(71, cost_cny=0), "sku_cost_range"),
        (_sku(72, cost_cny=None), "sku_cost_range"),
        (_sku(73, cost_cny=28_800_00), "sku_cost_range"),
        (_sku(74, cost_cny=990_000_00), "sku_cost_range"),
        (_sku(81), "key_doubled"),
    ]
    errors = [_error("sku", str(row["sku_code"]), rule) for row, rule in wrong]
    errors.append(_error("sku", str(first["sku_code"]), "sku_barcode_shared"))
    rows = [row for row, _ in wrong] + [_sku(81, weight_kg=1.3)]
    return pl.DataFrame(
        rows, schema=dict.fromkeys(_SKU_COLUMNS, pl.String) | {"weight_kg": pl.Float64, "cost_cny": pl.Int64}
    ), errors


def aliases() -> tuple[pl.DataFrame, list[Row]]:
    """Channel codes that are wrong, of two shops that sell nothing."""
    wrong = [
        ("app", "SHOP-A", "X-1", "LY99999", "alias_unknown_sku"),
        ("app", "SHOP-A", "X-3A", "LY0001", "alias_ambiguous"),
        ("app", "SHOP-A", "x 3a", "LY0002", "alias_ambiguous"),
        ("app", "SHOP-A", "X-4", "LY0003", "alias_shops_disagree"),
        ("app", "SHOP-B", "X-4", "LY0004", "alias_shops_disagree"),
    ]
    rows = [row[:4] for row in wrong]
    errors = [_error("sku_alias", "/".join(row[:3]), row[4]) for row in wrong]
    return pl.DataFrame(
        rows, schema=["channel", "shop_id", "channel_sku_code", "sku_code"], orient="row"
    ), errors


def warehouses() -> tuple[pl.DataFrame, list[Row]]:
    """Warehouses that are wrong; each says what it has to, but for its error."""
    sound: Row = {
        "province": "浙江省",
        "city": "杭州市",
        "district": "萧山区",
        "address": "物流大道9号",
        "owner": "仓储部",
    }
    wrong: list[tuple[Row, str]] = [
        (
            {"warehouse_code": "WX-01", "name": "华东-杭州仓", "latitude": 30.1721, "longitude": 120.2513},
            "place_duplicate",
        ),
        (
            {"warehouse_code": "WX-02", "name": None, "latitude": 30.1622, "longitude": 120.2714},
            "place_name_missing",
        ),
        (
            {"warehouse_code": "WX-03", "name": "备用三仓", "latitude": None, "longitude": None},
            "place_coordinates_missing",
        ),
        (
            {
                "warehouse_code": "WX-04",
                "name": "备用四仓",
                "latitude": 30.1523,
                "longitude": 120.2815,
                "province": "浙江",
            },
            "place_province_spelling",
        ),
        (
            {"warehouse_code": "WX-05", "name": "备用五仓", "latitude": 120.2916, "longitude": 30.1424},
            "place_coordinates_swapped",
        ),
    ]
    errors = [_error("warehouse", str(row["warehouse_code"]), rule) for row, rule in wrong]
    errors.append(_error("warehouse", "WH-CD", "place_coordinates_swapped"))
    return pl.DataFrame([sound | row for row, _ in wrong], infer_schema_length=None), errors


def resources(start: int) -> tuple[pl.DataFrame, list[Row]]:
    """Resources that are wrong; `start`: from when they are valid, as seconds."""
    sound: Row = {"adcode": "330106", "resource_type": "store", "valid_from": start, "capacity_per_day": 100}
    wrong: list[tuple[Row, str]] = [
        (
            {"resource_code": "SX-01", "name": "上海-徐汇店", "latitude": 30.2591, "longitude": 120.1302},
            "place_duplicate",
        ),
        (
            {
                "resource_code": "SX-02",
                "name": "备用二店",
                "latitude": 30.2593,
                "longitude": 120.1304,
                "service_radius_km": 900.0,
            },
            "place_radius_range",
        ),
        (
            {
                "resource_code": "SX-03",
                "name": "备用三店",
                "latitude": 30.2595,
                "longitude": 120.1306,
                "capacity_per_day": 0,
            },
            "place_capacity_range",
        ),
        ({"resource_code": "RX-04", "name": "骑手新", "resource_type": "ridr"}, "place_type_unknown"),
        (
            {
                "resource_code": "SX-05",
                "name": "备用五店",
                "latitude": 30.2597,
                "longitude": 120.1308,
                "valid_to": start - 9 * DAY,
            },
            "place_validity_reversed",
        ),
    ]
    errors = [
        _error(
            "resource" if str(row["resource_code"]).startswith("R") else "store",
            str(row["resource_code"]),
            rule,
        )
        for row, rule in wrong
    ]
    known = [("ST-SZ01", "scaled"), ("ST-HZ01", "far"), ("ST-WH01", "missing")]
    errors += [_error("store", code, f"place_coordinates_{rule}") for code, rule in known]
    errors += [
        _error("resource", "WH-CD", "place_coordinates_swapped"),
        _error("store", "ST-HZ01", "place_duplicate"),
    ]
    return pl.DataFrame([sound | row for row, _ in wrong], infer_schema_length=None), errors


def areas(sound: pl.DataFrame, world: World) -> tuple[pl.DataFrame, list[Row]]:
    """The carriers' areas with two taken out or closed where orders go, and those of a carrier that errs."""
    start = world.calendar.start
    codes = places()["adcode"].unique().sort().head(6).to_list()
    wrong = [
        ("110103", SOUND_HOURS, start, None, "carrier_area_unknown"),
        ("999999", SOUND_HOURS, start, None, "carrier_area_unknown"),
        (codes[0], SOUND_HOURS, start, start + 30 * DAY, ""),
        (codes[0], SOUND_HOURS, start + 20 * DAY, None, "carrier_validity_overlap"),
        (codes[1], SOUND_HOURS, start + 20 * DAY, start, "carrier_validity_reversed"),
        (codes[2], 0.0, start, None, "carrier_hours_range"),
        (codes[3], 2000.0, start, None, "carrier_hours_range"),
        (codes[4], None, start, None, "carrier_hours_missing"),
    ]
    rows = [
        {"carrier": CARRIER, "adcode": row[0], "service_level": "standard", "promised_hours": row[1]}
        | {"valid_from": row[2], "valid_to": row[3]}
        for row in wrong
    ]
    errors = [_error("carrier", f"{CARRIER}/{row[0]}/standard", row[4]) for row in wrong if row[4]]
    route = pl.concat_str("carrier", pl.lit("/"), "adcode", pl.lit("/"))
    hole, closed = _busiest(world)
    errors += [_error("carrier", key, "carrier_area_hole") for key in hole]
    errors += [_error("carrier", key, "carrier_area_closed") for key in closed]
    kept = sound.filter(~route.is_in(hole)).with_columns(
        valid_to=pl.when(route.is_in(closed)).then(pl.lit(_closes_at(world)))
    )
    return pl.concat([kept, pl.DataFrame(rows, infer_schema_length=None)], how="diagonal_relaxed"), errors


def _busiest(world: World) -> tuple[list[str], list[str]]:
    """The two routes that most orders took which show their carrier, as `carrier/division/`, if there are so
    many."""
    shown = world.orders.filter(
        pl.col("carrier").is_not_null() & pl.col("adcode").is_not_null() & (pl.col("visible_to") == "room")
    )
    ranked = shown.group_by(route=pl.concat_str("carrier", pl.lit("/"), "adcode", pl.lit("/"))).agg(
        count=pl.len(), late=(pl.col("paid_at") > _closes_at(world)).sum()
    )
    routes = (
        ranked.filter(pl.col("late") > 0).sort("count", "route", descending=[True, False])["route"].to_list()
    )
    return routes[:1], routes[1:2]


def _closes_at(world: World) -> int:
    return world.calendar.start + world.calendar.days // 3 * DAY


def _error(entity: str, key: str, rule: str) -> Row:
    return {"entity": entity, "record_key": key, "rule_code": rule}


def _off(barcode: str) -> str:
    return f"{barcode[:-1]}{(int(barcode[-1]) + 1) % 10}"


def _swapped(barcode: str) -> str:
    """With its 8th and 9th digit in the other order, as a typist would have it."""
    return f"{barcode[:7]}{barcode[8]}{barcode[7]}{barcode[9:]}"
