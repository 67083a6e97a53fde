"""A finding from run to run: found, answered, mended in the source, gone, back again."""

from __future__ import annotations

from pathlib import Path

import polars as pl
import pytest
from integration.orchestration import tiny_exports
from support import marts
from support.command import run

from dagster_project import settings as settings_module
from dagster_project.lib import inbox

pytestmark = [pytest.mark.long, pytest.mark.timeout(900)]
HEADER = "sku_code,barcode,name,category,temperature_class,weight_kg,cost_cny,owner\n"


def export(data: Path, day: int, barcode: str) -> None:
    """One whole export of the SKUs on a day of February, no two of the same bytes: those are taken once."""
    folder = data / "landing" / "luyue_skus"
    folder.mkdir(parents=True, exist_ok=True)
    row = f"LY1,{barcode},登山杖,运动,ambient,1.{day},30,品类一部\n"
    (folder / f"luyue_skus_202602{day:02d}080000.csv").write_text(HEADER + row, "utf-8")


def finding(data: Path) -> dict:
    found = marts.read(marts.published_file(data))["rpt_quality_findings"]
    (row,) = found.filter(rule_code="sku_barcode_invalid").rows(named=True)
    return row


def test_a_finding_is_answered_mended_and_comes_back(tmp_path: Path) -> None:
    data = tmp_path / "data"
    tiny_exports.write(data / "landing")
    export(data, 1, "6901234567890")
    facts = run(data)
    first = finding(data)
    assert (first["state"], first["owner"], first["reason_code"]) == ("open", "品类一部", "check_digit")
    assert facts["checks"]["failed"] == 0, "what is wrong with a record never blocks"

    settings = settings_module.load(data=data, env={})
    entry = {"finding_id": first["finding_id"], "action": "assign", "assignee": "商品组"}
    inbox.append(settings, "findings", entry)
    run(data)
    told = finding(data)
    assert (told["state"], told["owner"], told["opened_at"]) == ("assigned", "商品组", first["opened_at"])
    assert told["responded_at"] is not None

    export(data, 3, "6901234567892")
    run(data)
    closed = finding(data)
    assert (closed["state"], closed["finding_id"]) == ("closed", first["finding_id"])
    assert closed["resolved_at"] > first["opened_at"]
    scores = marts.read(marts.published_file(data))["rpt_quality_scores"]
    sku = scores.filter(slice="entity", member="sku", is_current=True)
    assert sku.filter(pl.col("score") > pl.col("previous_score")).height == 1

    export(data, 5, "6901234567890")
    run(data)
    back = finding(data)
    assert (back["state"], back["reopened_count"], back["owner"]) == ("open", 1, "品类一部")
    assert back["opened_at"] > closed["resolved_at"]
    assert back["first_seen_at"] == first["first_seen_at"]
