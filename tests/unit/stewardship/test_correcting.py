"""A correction is held against the record, the rules and the others before it is taken."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import duckdb
import polars as pl
import pytest
from support.stewards_desk import AS_OF, corrections_mart, lay_out, refusals

from dagster_project import steward
from dagster_project.lib.stewardship import entries
from dagster_project.lib.stewardship.entities import ENTITIES
from dagster_project.settings import Settings

Refused = Callable[..., str]


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Settings:
    return lay_out(tmp_path_factory.mktemp("desk"))


def proposal(entity: str, key: str, field: str, old: str | None, new: str | None) -> dict[str, str | None]:
    return {"entity": entity, "record_key": key, "field": field, "old_value": old, "new_value": new}


BAD = [
    (("sku", "K9", "name", "茶", "绿茶"), "there is no such record"),
    (("sku", "K1", "sku_code", "K1", "K2"), "cannot be corrected; what can is sku: barcode, name"),
    (("pallet", "P1", "name", "a", "b"), "pallet.name: cannot be corrected"),
    (
        ("sku", "K1", "name", "红茶 250g", "绿茶"),
        "is 绿茶 250g now, not 红茶 250g: this correction came with an old version",
    ),
    (("sku", "K1", "cost_cny", "12.5", "twelve"), "twelve is no value of it"),
    (("sku", "K1", "cost_cny", "12.50", "12.5"), "is 12.5 already"),
    (("warehouse", "W1", "latitude", "30.26", "3.26"), "the coordinates would be outside"),
    (("warehouse", "W1", "latitude", "30.26", "43.8"), "the coordinates would be far"),
    (("warehouse", "W1", "province", "浙江省", "江苏省"), "the province of 330106 is 浙江省"),
    (("warehouse", "W1", "district", "西湖区", "南山南"), "the coordinates would be"),
    (("resource", "S1@2026-01-01 00:00:00", "adcode", "310115", "999999"), "no division can be read of it"),
    (("resource", "S1", "adcode", "310115", "310104"), "there is no such record"),
    (("sku_alias", "jd/s1/JDK1", "sku_code", "K1", "K9"), "points to no SKU (rule alias_unknown_sku)"),
    (("sku", "K1", "temperature_class", "ambient", "hot"), "(rule sku_temperature_unknown)"),
    (("sku", "K1", "weight_kg", "0.25", "250"), "a weight that no parcel has"),
    (("sku", "K1", "weight_kg", "0.25", "nan"), "(rule sku_weight_range)"),
    (("resource", "S1@2026-01-01 00:00:00", "capacity_per_day", "40", "0"), "(rule place_capacity_range)"),
    (("sku", "K3", "barcode", "6909999999996", "6909999999999"), "(rule sku_barcode_invalid)"),
    (("sku", "K3", "barcode", "6909999999996", "6901234567892"), "(rule sku_barcode_shared)"),
    (
        ("carrier", "sf/310115/standard@2026-01-01 00:00:00", "valid_to", None, "2025-01-01 00:00:00"),
        "ends before",
    ),
    (("address", "310115", "district_written", "浦东", "浦东开发区"), "the district of 310115 is 浦东新区"),
    (("address", "310115", "district_written", "川沙", "浦东新区"), "no address is written 川沙 any more"),
    (("address", "999999", "district_written", "川沙", "川沙区"), "there is no such record"),
]


@pytest.mark.parametrize(("said", "why"), BAD, ids=[f"{said[0]} {why}" for said, why in BAD])
def test_what_cannot_be_is_refused_with_the_reason(desk: Settings, said: tuple[str, ...], why: str) -> None:
    (told,) = refusals(desk, [proposal(*said)])
    assert told is not None
    assert why in told


def test_what_fits_is_taken_whatever_form_a_number_has(desk: Settings) -> None:
    both = [
        proposal("warehouse", "W2", "latitude", "121.5447", "31.2215"),
        proposal("warehouse", "W2", "longitude", "31.22150", "121.5447"),
    ]
    assert refusals(desk, both) == [None, None]
    # Half of the pair alone would lie nowhere.
    assert "would be" in str(refusals(desk, both[:1])[0])
    good = [
        proposal("store", "S1@2026-01-01 00:00:00", "service_radius_km", "3", "5"),
        proposal("resource", "S1@2026-01-01 00:00:00", "capacity_per_day", "40", "55"),
        proposal("resource", "S1@2026-01-01 00:00:00", "valid_to", None, "2026-12-31"),
        proposal("carrier", "sf/310115/standard@2026-01-01 00:00:00", "promised_hours", "48", "24"),
        proposal("sku", "TEA-0017", "barcode", None, "6920000000012"),
        proposal("sku_alias", "jd/s1/XYZ", "sku_code", "", "K3"),
        proposal("address", "310000", "province_written", None, "上海市"),
    ]
    assert refusals(desk, good) == [None] * 7


def test_it_is_kept_whole_and_counts_from_the_cut_off(tmp_path: Path) -> None:
    settings = lay_out(tmp_path)
    said = proposal("sku", "K1", "name", "绿茶 250g", "绿茶 250克")
    done = steward.propose(settings, [said], by="li", reason=" as on \n the package ")
    (path,) = (settings.inbox / "corrections").glob("*.jsonl")
    (entry,) = [json.loads(line) for line in path.read_text("utf-8").splitlines()]
    kept = (*said, "status", "proposer", "approver", "reason", "valid_from", "by")
    assert {name: entry[name] for name in kept} == {
        **said, "status": "approved", "proposer": "li", "approver": "li", "reason": "as on the package",
        "valid_from": AS_OF, "by": "li",
    }  # fmt: skip
    assert entry["correction_id"] == done.taken["correction_id"][0]
    assert steward.corrections(settings)["state"].to_list() == ["awaiting_run"]


def test_an_old_value_is_kept_as_the_mart_writes_it(tmp_path: Path) -> None:
    """So that 12.5 and 12.50 are one value, whoever corrects it."""
    settings = lay_out(tmp_path)
    done = steward.propose(settings, [proposal("sku", "K1", "cost_cny", " 12.5 ", "13")], by="li", reason="r")
    assert done.taken["old_value"].to_list() == ["12.50"]


def test_two_corrections_of_one_value_contradict_until_one_is_revoked(tmp_path: Path) -> None:
    settings = lay_out(tmp_path)
    said = proposal("sku", "K1", "name", "绿茶 250g", "绿茶")
    (first,) = steward.propose(settings, [said], by="li", reason="r").taken["correction_id"]
    again = steward.propose(settings, [said | {"new_value": "茶"}], by="wang", reason="r")
    assert f"correction {first} (绿茶 250g → 绿茶) speaks of it already" in again.refused["why"][0]
    twice = refusals(settings, [proposal("sku", "K3", "name", "酸奶", n) for n in ("酸牛奶", "酸奶酪")])
    assert all("two corrections of this list" in str(why) for why in twice)
    steward.revoke(settings, [first], by="li", reason="a mistake")
    assert steward.propose(settings, [said | {"new_value": "茶"}], by="wang", reason="r").taken.height == 1
    assert sorted(steward.corrections(settings)["state"]) == ["awaiting_run", "revoked"]


def test_one_that_is_over_stands_in_nobodys_way_but_for_its_own_old_value(tmp_path: Path) -> None:
    """The source has moved on to 绿茶 250g by itself: that can be corrected; what it said before still is."""
    settings = lay_out(tmp_path)
    (first,) = steward.propose(
        settings, [proposal("sku", "K1", "name", "绿茶 250g", "茶")], by="li", reason="r"
    ).taken["correction_id"]
    with duckdb.connect(str(settings.serving / "serve_1.duckdb")) as connection:
        connection.execute(f"create table marts.rpt_corrections as {corrections_mart((first, 'overtaken'))}")
        connection.execute("update marts.dim_skus set name = '绿茶（新）' where sku_code = 'K1'")
    assert refusals(settings, [proposal("sku", "K1", "name", "绿茶（新）", "绿茶")]) == [None]
    with duckdb.connect(str(settings.serving / "serve_1.duckdb")) as connection:
        connection.execute("update marts.dim_skus set name = '绿茶 250g' where sku_code = 'K1'")
    (why,) = refusals(settings, [proposal("sku", "K1", "name", "绿茶 250g", "绿茶")])
    assert f"correction {first}" in str(why)


def test_four_eyes_means_two_people(tmp_path: Path) -> None:
    settings = lay_out(tmp_path, {"LUYUE_FOUR_EYES": "yes"})
    done = steward.propose(settings, [proposal("sku", "K1", "name", "绿茶 250g", "茶")], by="li", reason="r")
    ids = done.taken["correction_id"].to_list()
    assert steward.corrections(settings)["state"].to_list() == ["proposed"]
    with pytest.raises(steward.LuyueError, match="proposed by li; somebody else has to approve it"):
        steward.approve(settings, ids, by="li")
    assert steward.approve(settings, ids, by="wang").taken["approver"].to_list() == ["wang"]
    with pytest.raises(steward.LuyueError, match="is approved, not proposed"):
        steward.approve(settings, ids, by="wang")


def test_what_no_longer_fits_is_not_approved(tmp_path: Path) -> None:
    settings = lay_out(tmp_path)
    said = proposal("sku", "K1", "name", "绿茶 250g", "茶")
    ids = (
        steward.propose(settings, [said], by="li", reason="r", approve_at_once=False)
        .taken["correction_id"]
        .to_list()
    )
    with duckdb.connect(str(settings.serving / "serve_1.duckdb")) as connection:
        connection.execute("update marts.dim_skus set name = '龙井' where sku_code = 'K1'")
    done = steward.approve(settings, ids, by="wang")
    assert done.taken.is_empty()
    assert "is 龙井 now, not 绿茶 250g" in done.refused["why"][0]


def test_nothing_without_a_reason_and_nothing_unknown(desk: Settings) -> None:
    with pytest.raises(steward.LuyueError, match="needs a reason"):
        steward.propose(desk, [proposal("sku", "K1", "name", "绿茶 250g", "茶")], by="li", reason="  ")
    with pytest.raises(steward.LuyueError, match="there is no such correction"):
        steward.revoke(desk, ["c0"], by="li", reason="r")


def test_a_spoilt_line_of_the_inbox_is_left_out_and_named(tmp_path: Path) -> None:
    settings = lay_out(tmp_path)
    steward.propose(
        settings, [proposal("sku", "K1", "name", "绿茶 250g", "茶")], by="li", reason="ring 13812345678"
    )
    (path,) = (settings.inbox / "corrections").glob("*.jsonl")
    assert "13812345678" not in path.read_text("utf-8")
    good = json.loads(path.read_text("utf-8")) | {"reason": "ring 13812345678"}
    path.write_text(json.dumps(good), "utf-8")
    bad = [
        "{not json",
        "[]",
        json.dumps(good | {"entity": "pallet"}),
        json.dumps(good | {"valid_from": "soon"}),
    ]
    path.write_text("\n".join([path.read_text("utf-8").strip(), *bad, ""]), "utf-8")
    told = entries.read(settings)
    assert told.frame.height == 1
    assert [notice.split(": ")[0] for notice in told.notices] == [
        f"inbox/corrections/{path.name}, line {n}" for n in (2, 3, 4, 5)
    ]
    entries.refresh(settings)
    rows = pl.read_parquet(settings.lake / entries.FILE)
    assert rows["status"].to_list() == ["approved"]
    assert "13812345678" not in rows["reason"][0]


def test_the_models_and_the_desk_know_the_same_fields() -> None:
    """dbt/macros/correctable.sql names the fields once more, with their SQL types."""
    from support.macros import correctable

    types = {
        "text": "text",
        "float": "double",
        "money": "decimal(18, 2)",
        "qty": "decimal(18, 3)",
        "ts": "timestamp",
    }
    for entity in ENTITIES.values():
        if entity.feed is not None:
            said = correctable(entity.name)
            assert (tuple(said["key"]), said["since"]) == (entity.parts, entity.since)
            assert said["fields"] == {field: types[entity.type_of(field)] for field in entity.fields}
