"""The pages that owners work from: in one file each, in both languages, offline, nothing run by a
spreadsheet."""

from __future__ import annotations

import json
import re
from pathlib import Path

import fastexcel
import polars as pl
import pytest
from support.in_process import luyue
from support.stewards_desk import findings_mart, lay_out

HOSTILE = "</script><b>=cmd|x"


@pytest.fixture(scope="module")
def out(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("to_mend")
    settings = lay_out(folder, rpt_quality_findings=findings_mart(("f9", HOSTILE, "品类/../部")))
    done = luyue("report", "--data", settings.data, "--out", folder / "out")
    assert done.code == 0, done.text
    return folder / "out"


def held(page: Path) -> dict[str, dict[str, list[str]]]:
    found = re.search(r'<script type="application/json" id="data">(.*?)</script>', page.read_text("utf-8"))
    assert found is not None
    return dict(json.loads(found[1]))


def test_all_findings_and_each_owners_stand_in_a_file(out: Path) -> None:
    pages = {path.name for path in out.glob("to_mend*.html")}
    assert pages == {
        "to_mend.html", "to_mend-logistics.html", "to_mend-master_data.html", "to_mend-品类_部.html"
    }  # fmt: skip
    assert held(out / "to_mend.html")["columns"]["finding_id"] == ["f1", "f4", "f3", "f2", "f9", "f6"]
    logistics = held(out / "to_mend-logistics.html")["columns"]
    assert logistics["finding_id"] == ["f1", "f6"]
    assert logistics["suggestion"][0] == "latitude: 121.5447 → 31.2215; longitude: 31.2215 → 121.5447"
    assert logistics["confidence"][0] == 0.98


def test_it_asks_nothing_of_anybody_and_says_all_in_both_languages(out: Path) -> None:
    text = (out / "to_mend.html").read_text("utf-8")
    assert "default-src 'none'" in text
    assert not re.search(r"(?:src|href)=[\"']?(?:https?:)?//", text)
    links = set(re.findall(r'href="([^"]+)"', text))
    assert all((out / link).is_file() for link in links)
    assert text.count('<span lang="zh-CN">') == text.count('<span lang="en">') > 20
    assert "5 to mend" not in text
    assert "6 to mend" in text


def test_what_is_hostile_stays_text(out: Path) -> None:
    text = (out / "to_mend.html").read_text("utf-8")
    assert HOSTILE not in text
    assert HOSTILE in held(out / "to_mend.html")["columns"]["value"]
    assert pl.read_csv(out / "to_mend.csv").filter(finding_id="f9")["value"].to_list() == [HOSTILE]
    sheet = fastexcel.read_excel(out / "to_mend.xlsx").load_sheet("findings").to_polars()
    assert sheet["finding_id"].to_list() == ["f1", "f4", "f3", "f2", "f9", "f6"]


def test_an_owner_gets_their_own_alone(tmp_path: Path) -> None:
    settings = lay_out(tmp_path)
    luyue("report", "--data", settings.data, "--out", tmp_path / "out", "--owner", "logistics")
    assert [path.name for path in (tmp_path / "out").glob("to_mend*.html")] == ["to_mend-logistics.html"]
    luyue("report", "--data", settings.data, "--out", tmp_path / "none", "--owner", "finance")
    assert "没有待修正的问题" in (tmp_path / "none" / "to_mend-finance.html").read_text("utf-8")


def test_an_owner_whom_nobody_knows_is_no_owner_without_findings(tmp_path: Path) -> None:
    settings = lay_out(tmp_path)
    done = luyue("report", "--data", settings.data, "--out", tmp_path / "out", "--owner", "logistic")
    assert done.code != 0
    assert "no source, rule or finding has the owner 'logistic'" in done.text
    assert "finance, logistics, master data" in done.text
    assert not (tmp_path / "out").exists()
