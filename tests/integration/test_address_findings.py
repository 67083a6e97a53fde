"""Findings on addresses and places, and orders wrongly held to cross provinces, on a small lake."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from pathlib import Path

import polars as pl
import pytest
from support.dbt_build import dbt_build, read_table
from support.small_lake import write_lake

AS_OF = datetime(2026, 1, 31)
Row = dict[str, object]


def order(number: str, token: str | None, warehouse: str | None = "W1", **more: object) -> Row:
    row: Row = {"source": "jd_orders", "channel": "jd", "channel_order_id": number, "status": "shipped"}
    row |= {"channel_line_id": f"{number}-1", "paid_at": datetime(2026, 1, 5), "warehouse_code": warehouse}
    return row | {"receiver_address_token": token, "receiver_address_mask": "***"} | more


def address(token: str, written: str | None, **more: object) -> Row:
    """An address of 西湖区, its district written as said."""
    row: Row = {"address_token": token, "adcode": "330106", "province": "浙江省", "city": "杭州市"}
    row |= {"district": "西湖区", "match_method": "explicit", "visible_to": "room", "has_conflict": False}
    row |= {"confidence": 0.9, "candidates": [], "province_written": "浙江省", "district_written": written}
    return row | {"reference_as_of": date(2025, 12, 31)} | more


def pudong(token: str, written: str) -> Row:
    """An address of 浦东新区, its district written as said."""
    place: Row = {"adcode": "310115", "province": "上海市", "city": "上海市", "district": "浦东新区"}
    return address(token, written, province_written="上海市", **place)


def place(code: str, **more: object) -> Row:
    row: Row = {"feed": "warehouses", "place_code": code, "province": "浙江省", "found_adcode": "330109"}
    return row | {"found_province": "浙江省", "match_method": "explicit"} | more


NOWHERE: Row = {"adcode": None, "province": None, "city": None, "district": None, "province_written": None}
ROWS: dict[str, list[Row]] = {
    "orders": [
        order("1", "short"),
        order("2", "full"),
        order("3", "shanghai"),
        order("4", "none"),
        order("5", "silent", None),
        order("6", "short", paid_at=None),
        order("7", "short", None),
        order("8", "short", source="pos_receipts", channel="pos"),
        order("9", "full", "W2", paid_at=datetime(2026, 1, 6)),
    ],
    "routing_decisions": [
        {"decision_id": "D1", "channel": "jd", "channel_order_id": "5", "decided_at": datetime(2026, 1, 5)}
        | {"assigned_warehouse": "W2", "recommended_warehouse": "W2"},
        {"decision_id": "D2", "channel": "jd", "channel_order_id": "5", "decided_at": datetime(2026, 1, 6)}
        | {"recommended_warehouse": "W1"},
        {"decision_id": "D3", "channel": "jd", "channel_order_id": "1", "decided_at": datetime(2026, 1, 6)}
        | {"assigned_warehouse": "W2"},
    ],
    "warehouses": [
        {"warehouse_code": "W1", "province": "浙江省"},
        {"warehouse_code": "W2", "province": "某省", "latitude": 120.1, "longitude": 30.3},
    ],
    "resources": [
        {"resource_code": "R1", "resource_type": "rider", "adcode": "330106"},
        {"resource_code": "S1", "resource_type": "store", "adcode": "330106"},
    ],
    "addresses": [
        address("short", "西湖", province_written="浙江"),
        address("full", "西湖区"),
        address("silent", "杭州西湖区", province_written=None),
        address("shanghai", None, adcode="310104", province="上海市", province_written="上海", city=None)
        | {"district": "徐汇区", "match_method": "legacy", "district_written": "卢湾区"},
        address("none", None, match_method="none", visible_to=None) | NOWHERE,
        address("either", None, match_method="ambiguous", candidates=["110105", "220104"]) | NOWHERE,
        address("both", "西湖区", has_conflict=True),
        address("city", None, adcode="330100", district=None, visible_to="city"),
        address("wrong", "西胡区", match_method="typo"),
        pudong("pd1", "浦东新区"),
        pudong("pd2", "浦东区"),
        pudong("pd3", "上海浦东"),
    ],
    "places": [
        place("W1", coordinate_finding="missing"),
        place("W2", province="某省", latitude=120.1, longitude=30.3, found_adcode=None, found_province=None)
        | {"match_method": "none", "coordinate_finding": "swapped"}
        | {"suggested_latitude": 30.3, "suggested_longitude": 120.1},
        {"feed": "resources", "place_code": "R1", "adcode": "330106", "found_adcode": "330106"}
        | {"coordinate_finding": "missing"},
        {"feed": "resources", "place_code": "S1", "adcode": "330106", "found_adcode": "330106"}
        | {"coordinate_finding": "missing"},
    ],
}


@pytest.fixture(scope="module")
def warehouse(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("findings")
    env = write_lake(folder, ROWS, {"jd_orders": "line", "pos_receipts": "line"})
    return dbt_build(folder, env, AS_OF, "+rpt_quality_findings +rpt_cross_province +dim_warehouses")


@pytest.fixture(scope="module")
def findings(warehouse: Path) -> pl.DataFrame:
    return read_table(warehouse, "marts.rpt_quality_findings")


def test_orders_cross_by_text_that_do_not_in_truth(warehouse: Path) -> None:
    rows = read_table(warehouse, "marts.rpt_cross_province").filter(channel="all").sort("observed_on")
    first, second = rows.drop("channel").rows(named=True)
    assert first == {
        "observed_on": date(2026, 1, 5), "order_count": 5, "judged_count": 4, "cross_count": 1,
        "cross_as_written_count": 4, "wrongly_cross_count": 2, "value": 0.5, "coverage": 0.8,
        "extra_freight_cny": Decimal("36.00"),
    }  # fmt: skip
    assert (second["order_count"], second["judged_count"], second["value"]) == (1, 0, None)
    assert second["extra_freight_cny"] == Decimal("0.00")


def test_each_address_has_its_gravest_finding(findings: pl.DataFrame) -> None:
    single = findings.filter(entity="address").filter(~pl.col("rule_code").str.ends_with("_spellings"))
    assert dict(single.select("record_key", "rule_code").rows()) == {
        "shanghai": "address_legacy", "none": "address_unparsed", "either": "address_ambiguous",
        "both": "address_conflict", "city": "address_incomplete", "wrong": "address_typo",
    }  # fmt: skip
    told = {row["record_key"]: row for row in single.iter_rows(named=True)}
    assert told["either"]["suggestion"] == "110105,220104"
    assert (told["shanghai"]["detail"], told["shanghai"]["suggestion"]) == ("卢湾区", "徐汇区")
    assert (told["none"]["orders_touched"], told["either"]["orders_touched"]) == (1, 0)


def test_a_district_in_three_spellings_is_one_finding(findings: pl.DataFrame) -> None:
    spelt = {
        row["record_key"]: row for row in findings.filter(rule_code="district_spellings").rows(named=True)
    }
    assert spelt.keys() == {"330106", "310115"}
    assert (spelt["310115"]["detail"], spelt["310115"]["suggestion"]) == (
        "上海浦东,浦东区,浦东新区",
        "浦东新区",
    )
    row = spelt["330106"]
    assert row["adcode"] == "330106"
    assert row["detail"] == "杭州西湖区,西湖,西湖区,西胡区"
    assert row["orders_touched"] == 5, (
        "1, 6, 7 and 8 in a short form, 5 in a long one; 2 and 9 are as they should be"
    )


def test_what_a_spelling_costs_is_recomputed_with_its_orders_mended(
    warehouse: Path, findings: pl.DataFrame
) -> None:
    """Orders 1 and 5 leave W1 of the same province and count as crossing for the province's spelling alone:
    with them set right the rate over the four judged falls from a half to nothing."""
    impact = read_table(warehouse, "marts.rpt_quality_impact").filter(kpi="wrongly_cross_province_rate")
    (row,) = findings.filter(rule_code="province_spellings", record_key="330000").rows(named=True)
    assert (row["detail"], row["suggestion"]) == (",浙江", "浙江省")
    (cost,) = impact.filter(scope="finding", scope_id=row["finding_id"]).rows(named=True)
    assert (cost["value"], cost["value_without"], cost["points_lost"]) == (0.5, 0.0, 50.0)
    assert (row["kpi_hurt"], row["kpi_points"]) == ("wrongly_cross_province_rate", 50.0)
    assert impact.filter(scope="all")["value_without"].to_list() == [0.0]
    days = impact.filter(scope="day").select("scope_id", "points_lost").rows()
    assert days == [("2026-01-05", 50.0)]


def test_places_without_division_or_with_impossible_points(findings: pl.DataFrame) -> None:
    found = findings.filter(pl.col("entity").is_in(["warehouse", "store", "resource"]))
    assert set(found.select("entity", "record_key", "rule_code", "suggestion").rows()) == {
        ("warehouse", "W1", "place_coordinates_missing", None),
        ("warehouse", "W2", "place_coordinates_swapped", "30.300000,120.100000"),
        ("warehouse", "W2", "place_unplaced", None),
        ("store", "S1", "place_coordinates_missing", None),
    }


def test_a_warehouse_knows_its_division_and_what_is_wrong(warehouse: Path) -> None:
    rows = read_table(warehouse, "marts.dim_warehouses").sort("warehouse_code")
    assert rows.select("adcode", "coordinate_finding").rows() == [("330109", "missing"), (None, "swapped")]
