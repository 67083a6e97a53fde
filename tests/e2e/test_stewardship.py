"""Correct, run, gone: a finding's suggestion is accepted, and the KPI moves by what its impact had said."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import duckdb
import pytest
from support.command import luyue, run
from support.demo_run import DemoRun
from support.marts import published_file

KPI = "wrongly_cross_province_rate"


def asked(data: Path, sql: str) -> list[tuple[Any, ...]]:
    with duckdb.connect(str(published_file(data)), read_only=True) as connection:
        return connection.execute(sql).fetchall()


def figure(data: Path) -> tuple[float, float]:
    """Numerator and denominator of the KPI over all time."""
    (row,) = asked(
        data,
        "select numerator, denominator from marts.rpt_kpis "
        f"where kpi = '{KPI}' and period = 'total' and dimension = 'all'",
    )
    return float(row[0]), float(row[1])


@pytest.mark.long
@pytest.mark.timeout(1800)
def test_accepted_spellings_close_their_findings_and_move_the_kpi_by_what_was_said(
    demo_run: DemoRun, tmp_path: Path
) -> None:
    """浦东区 and 上海 stand for what they are called: the next run holds fewer orders to cross provinces
    wrongly, by as many as the findings' impact had said, and builds no order anew for it."""
    data = demo_run.copy(tmp_path)
    before = figure(data)
    ((said_without,),) = asked(
        data,
        "select numerator_without from marts.rpt_quality_impact "
        f"where scope = 'rule' and scope_id = 'province_spellings' and kpi = '{KPI}'",
    )
    spelt = "select count(*) from marts.rpt_quality_findings where rule_code = 'district_spellings'"
    assert asked(data, spelt)[0][0] > 0

    for rule in ("province_spellings", "district_spellings"):
        done = luyue(
            *("master", "accept", "--data", data, "--rule", rule, "--min-confidence", "0.5", "--json"),
            cwd=tmp_path,
        )
        assert done.code == 0, done.err
        assert done.json["refused"] == []
    facts = run(data)

    after = figure(data)
    assert after == (float(said_without), before[1])
    assert after[0] < before[0]
    assert facts["built"]["is_increment"]
    assert facts["built"]["touched_orders"] == 0
    left = asked(
        data,
        "select distinct state from marts.rpt_quality_findings "
        "where rule_code in ('province_spellings', 'district_spellings')",
    )
    assert left == [("corrected",)]
    assert asked(data, "select distinct state from marts.rpt_corrections") == [("applied",)]

    # Taken back, the figure is what it was.
    ids = [row[0] for row in asked(data, "select correction_id from marts.rpt_corrections")]
    assert luyue("master", "revoke", *ids, "--why", "to see", "--data", data, cwd=tmp_path).code == 0
    run(data)
    assert figure(data) == before
