"""Corrections of master data laid over the newest rows: which count, what became of each, what follows."""

from __future__ import annotations

from datetime import date, datetime
from pathlib import Path

import duckdb
import polars as pl
import pytest
from support.dbt_build import dbt_build, read_table
from support.growing_lake import GrowingLake, at, differences, is_increment
from support.small_lake import write_lake

from dagster_project.lib.stewardship import overlay
from dagster_project.lib.stewardship.entities import ENTITIES

AS_OF = datetime(2026, 1, 31)
SINCE = datetime(2026, 1, 1)
Row = dict[str, object]


def correction(
    number: str, entity: str, key: str, field: str, old: str | None, new: str | None, **more: object
) -> Row:
    """An approved one that counts from the first day on."""
    parts = [part or None for part in key.split("/", 2)] if entity == "sku_alias" else []
    row: Row = {f"key_{n}": part for n, part in enumerate(parts, start=1)}
    row |= {"correction_id": number, "entity": entity, "record_key": key, "field": field, "old_value": old}
    row |= {"new_value": new, "status": "approved", "valid_from": SINCE, "proposer": "li", "approver": "li"}
    return row | more


def order(number: str, **more: object) -> Row:
    row: Row = {"source": "jd_orders", "channel": "jd", "channel_order_id": number, "status": "shipped"}
    row |= {"channel_line_id": f"{number}-1", "paid_at": datetime(2026, 1, 5), "shop_id": "s1"}
    return row | {"warehouse_code": "W1", "receiver_address_mask": "***"} | more


def address(token: str, province: str | None) -> Row:
    """An address of 西湖区 that writes its province as said."""
    row: Row = {"address_token": token, "adcode": "330106", "province": "浙江省", "city": "杭州市"}
    row |= {"district": "西湖区", "match_method": "explicit", "visible_to": "room", "has_conflict": False}
    row |= {"confidence": 0.9, "candidates": [], "province_written": province, "district_written": "西湖区"}
    return row | {"reference_as_of": date(2025, 12, 31)}


def place(province: str, found: str | None) -> Row:
    row: Row = {"feed": "warehouses", "place_code": "W1", "province": province, "address": "物流大道1号"}
    return row | {"found_adcode": found, "found_province": found and "浙江省"}


SKUS = [
    {"sku_code": "K1", "name": "茶", "cost_cny": 1.00, "weight_kg": None},
    {"sku_code": "K2", "name": "酒", "cost_cny": 5.00, "weight_kg": 1.5},
    {"sku_code": "K3", "name": "米", "cost_cny": 5.00, "weight_kg": 1.5},
]
ROWS: dict[str, list[Row]] = {
    "skus": [*SKUS],
    "sku_aliases": [{"channel": "jd", "shop_id": "s1", "channel_sku_code": "A1", "sku_code": "K1"}],
    "warehouses": [{"warehouse_code": "W1", "name": "仓", "province": "浙将", "address": "物流大道1号"}],
    "resources": [
        {"resource_code": "S1", "resource_type": "store", "adcode": "330106", "valid_from": SINCE},
        {"resource_code": "S1", "resource_type": "store", "adcode": "330106", "valid_from": None},
    ],
    "carrier_areas": [
        {
            "carrier": "sf",
            "adcode": "330106",
            "service_level": None,
            "promised_hours": 480.0,
            "valid_from": SINCE,
        }
    ],
    "orders": [
        order("1", channel_sku_code="A1", receiver_address_token="short"),
        order("2", channel_sku_code="A/2", receiver_address_token="none"),
        order("3", channel_sku_code="K2", receiver_address_token="full"),
    ],
    "addresses": [address("short", "浙江"), address("none", None), address("full", "浙江省")],
    "places": [place("浙将", None), place("浙江省", "330109")],
    "corrections": [
        correction("c01", "sku", "K1", "name", "茶", "绿茶"),
        correction("c02", "sku", "K1", "cost_cny", "1.0", "12.50"),
        correction("c03", "sku", "K1", "weight_kg", None, "0.5"),
        correction("c04", "sku", "K2", "name", "酉", "酒"),
        correction("c05", "sku", "K2", "cost_cny", "4", "3"),
        correction("c06", "sku", "K9", "name", "a", "b"),
        correction("c07", "sku", "K3", "name", "米", "大米", valid_from=datetime(2026, 2, 1)),
        correction("c08", "sku", "K3", "cost_cny", "5", "6", status="proposed", approver=None),
        correction("c09", "sku", "K3", "weight_kg", "1.5", "2", status="revoked"),
        correction("c10", "sku", "K2", "weight_kg", "1.50", None),
        correction("c11", "warehouse", "W1", "province", "浙将", "浙江省"),
        correction("c12", "resource", "S1@2026-01-01 00:00:00", "adcode", "330106", "330109"),
        correction("c13", "carrier", "sf/330106/@2026-01-01 00:00:00", "promised_hours", "480", "48"),
        correction("c14", "sku_alias", "jd/s1/A1", "sku_code", "K1", "K3"),
        correction("c15", "sku_alias", "jd/s1/A/2", "sku_code", None, "K2"),
        correction("c16", "address", "330000", "province_written", "浙江", "浙江省"),
        correction("c17", "address", "330000", "province_written", None, "浙江省"),
        correction("c18", "address", "330106", "district_written", "西湖", "西湖区"),
        correction("c19", "sku", "K1", "name", "绿茶", "红茶"),
    ],
}
WANTED = "+rpt_corrections +rpt_cross_province +dim_skus +dim_warehouses +dim_sku_aliases"


@pytest.fixture(scope="module")
def warehouse(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("corrections")
    return dbt_build(folder, write_lake(folder, ROWS, {"jd_orders": "line"}), AS_OF, WANTED)


def test_what_became_of_each_correction(warehouse: Path) -> None:
    """It counts while the source says the old value, and is retired once it says the new one itself."""
    told = read_table(warehouse, "marts.rpt_corrections")
    assert dict(told.select("correction_id", "state").sort("correction_id").rows()) == {
        "c01": "applied", "c02": "applied", "c03": "applied", "c04": "retired", "c05": "overtaken",
        "c06": "missing", "c07": "pending", "c08": "proposed", "c09": "revoked", "c10": "applied",
        "c11": "applied", "c12": "applied", "c13": "applied", "c14": "applied", "c15": "applied",
        "c16": "applied", "c17": "applied", "c18": "missing", "c19": "overtaken",
    }  # fmt: skip
    present = dict(told.select("correction_id", "present_value").rows())
    assert (present["c01"], present["c05"], present["c10"]) == ("绿茶", "5.00", None)


def test_values_are_those_that_were_corrected_and_the_rest_stays(warehouse: Path) -> None:
    skus = read_table(warehouse, "marts.dim_skus").sort("sku_code")
    rows = skus.select("sku_code", "name", pl.col("cost_cny").cast(pl.Float64), "weight_kg").rows()
    assert rows == [("K1", "绿茶", 12.5, 0.5), ("K2", "酒", 5.0, None), ("K3", "米", 5.0, 1.5)]
    places = read_table(warehouse, "marts.dim_warehouses")
    assert places.select("province", "adcode").row(0) == ("浙江省", "330109")
    versions = read_table(warehouse, "intermediate.int_resources__deduplicated")
    assert dict(versions.select("valid_from", "adcode").rows()) == {SINCE: "330109", None: "330106"}


def test_a_code_that_no_file_maps_is_mapped(warehouse: Path) -> None:
    lines = read_table(warehouse, "intermediate.int_orders__lines")
    assert dict(lines.select("channel_order_id", "sku_code").rows()) == {"1": "K3", "2": "K2", "3": "K2"}
    codes = read_table(warehouse, "marts.dim_sku_aliases").sort("channel_sku_code")
    assert codes.select("channel_sku_code", "sku_code", "resolved_sku_code", "line_count").rows() == [
        ("A/2", "K2", "K2", 1), ("A1", "K3", "K3", 1), ("K2", None, "K2", 1),
    ]  # fmt: skip


def test_an_accepted_spelling_crosses_no_province(warehouse: Path) -> None:
    (row,) = read_table(warehouse, "marts.rpt_cross_province").filter(channel="all").rows(named=True)
    assert (row["judged_count"], row["cross_as_written_count"], row["wrongly_cross_count"]) == (3, 0, 0)


def test_frames_and_models_are_corrected_alike(warehouse: Path) -> None:
    """The suites judge master data before dbt has built it; both have to see the same values."""
    counted = pl.col("status") == "approved", pl.col("valid_from") <= AS_OF
    told = pl.DataFrame(ROWS["corrections"]).filter(*counted)
    before = pl.DataFrame(SKUS).with_columns(pl.col("cost_cny").cast(pl.Decimal(18, 2)))
    after = overlay.corrected(before, ENTITIES["sku"], told).sort("sku_code")
    built = read_table(warehouse, "marts.dim_skus").sort("sku_code")
    assert after.rows() == built.select(after.columns).rows()


@pytest.mark.long
@pytest.mark.timeout(1200)
def test_corrections_in_an_increment_equal_one_build(tmp_path: Path) -> None:
    """A code that gets another meaning, by a correction, by its revocation, or because its time has come, and
    a store's name: whatever rests on them is built anew."""
    from support.growing_lake import Batch

    line = {"channel": "jd", "shop_id": "s1", "channel_line_id": "1", "status": "shipped", "quantity": 1}
    orders = tuple(
        {**line, "channel_order_id": n, "channel_sku_code": c, "paid_at": at(2)}
        for n, c in ("1A", "2B", "3A")
    )
    sale = {**line, "channel": "pos", "channel_order_id": "Lake Shop-20260105-7", "store_id": "Lake Shop"}
    lake = GrowingLake(tmp_path)
    lake.take([
        Batch("orders", "line_orders", at(24), "1", orders),
        Batch("orders", "pos_receipts", at(24), "1", (sale,)),
        Batch("resources", "luyue_resources", at(24), "1", ({"resource_code": "ST1", "name": "Lake Shp"},)),
    ])  # fmt: skip
    lake.build(at(25))
    alias = correction("c1", "sku_alias", "jd/s1/A", "sku_code", None, "K7", valid_from=at(1))
    later = correction("c2", "sku_alias", "jd/s1/B", "sku_code", None, "K8", valid_from=at(60))
    lake.corrections = [alias, later]
    parts = lake.build(at(49))
    assert is_increment(parts)
    assert touched(parts) == {"1", "3"}
    lake.corrections = [alias | {"status": "revoked"}, later]
    parts = lake.build(at(80))
    assert is_increment(parts)
    assert touched(parts) == {"1", "2", "3"}
    assert differences(parts, lake.whole(at(80))) == []
    lake.corrections += [
        correction("c3", "resource", "ST1", "name", "Lake Shp", "Lake Shop", valid_from=at(1))
    ]
    parts = lake.build(at(81))
    assert not is_increment(parts)
    assert differences(parts, lake.whole(at(81))) == []


def touched(warehouse: Path) -> set[str]:
    with duckdb.connect(str(warehouse), read_only=True) as connection:
        rows = connection.execute("select channel_order_id from intermediate.int_orders__touched").fetchall()
    return {number for (number,) in rows}
