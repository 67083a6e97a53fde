"""The master-data page of `luyue report`: findings, gravest first, and what wrongly judged provinces cost."""

from __future__ import annotations

from pathlib import Path

import duckdb
import polars as pl
import pytest
from support.in_process import luyue

_FINDINGS = """
    create table marts.rpt_quality_findings as
    select *, case when record_key = 'k1_c' then timestamp '2026-01-01' end as resolved_at from (values
        ('address_legacy', 'minor', 'master data', 'k1_a', '320116', '大厂区', '六合区', 2),
        ('place_coordinates_swapped', 'critical', 'warehouse', 'W1', '510107', null, '30.6,104.0', 9),
        ('address_ambiguous', 'critical', 'warehouse', 'k1_b', null, '=cmd|x', '110105,220104', 11),
        ('address_ambiguous', 'critical', 'warehouse', 'k1_c', null, 'mended', null, 12)
    ) as told (rule_code, severity, owner, record_key, adcode, detail, suggestion, orders_touched)
"""
_WORDS = """
    alter table marts.rpt_quality_findings add column {name} varchar default '{text}'
"""
_CROSSED = """
    create table marts.rpt_cross_province as
    select * from (values
        ('all', 10::bigint, 8::bigint, 3::bigint, 2::bigint, 36.00::decimal(18, 2)),
        ('jd', 10::bigint, 8::bigint, 3::bigint, 2::bigint, 36.00::decimal(18, 2))
    ) as told (channel, order_count, judged_count, cross_count, wrongly_cross_count, extra_freight_cny)
"""


@pytest.fixture
def data(tmp_path: Path) -> Path:
    serving = tmp_path / "data" / "serving"
    serving.mkdir(parents=True)
    with duckdb.connect(str(serving / "serve_1.duckdb")) as connection:
        connection.execute("create schema marts")
        connection.execute(_FINDINGS)
        for name in ("title_zh", "title_en", "remedy_zh", "remedy_en"):
            connection.execute(_WORDS.format(name=name, text=f"<b>{name}</b>"))
        connection.execute(_CROSSED)
    (serving / "CURRENT").write_text("serve_1.duckdb\n")
    return tmp_path / "data"


def test_the_gravest_and_widest_comes_first_and_markup_is_text(data: Path, tmp_path: Path) -> None:
    done = luyue("report", "--data", data, "--out", tmp_path / "out")
    assert done.code == 0, done.err
    table = pl.read_csv(tmp_path / "out" / "findings.csv")
    assert table["record_key"].to_list() == ["k1_b", "W1", "k1_a"]
    assert table["detail"].to_list()[0] == "'=cmd|x"
    page = (tmp_path / "out" / "master_data.en.html").read_text("utf-8")
    assert "3 findings are to be mended" in page
    assert "CNY 36 of freight" in page
    assert "<b>title" not in page
    assert "25.0%" in page
    assert 'href="master_data.en.html"' in (tmp_path / "out" / "index.en.html").read_text("utf-8")


def test_an_owner_sees_what_is_theirs(data: Path, tmp_path: Path) -> None:
    luyue("report", "--data", data, "--out", tmp_path / "out", "--owner", "warehouse")
    assert pl.read_csv(tmp_path / "out" / "findings.csv")["record_key"].to_list() == ["k1_b", "W1"]


def test_a_file_of_a_version_before_has_no_such_page(data: Path, tmp_path: Path) -> None:
    with duckdb.connect(str(data / "serving" / "serve_1.duckdb")) as connection:
        connection.execute("drop table marts.rpt_quality_findings")
    assert luyue("report", "--data", data, "--out", tmp_path / "out").code == 0
    assert not (tmp_path / "out" / "master_data.html").exists()
