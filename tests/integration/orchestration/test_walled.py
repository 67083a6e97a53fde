"""Whatever stands in files, no phone or address of it stands in lines, facts, notices or checks."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from support import hostile

from dagster_project import settings as settings_module
from dagster_project.lib import stages
from dagster_project.lib.ingest.personal.walled import walled
from dagster_project.lib.session import open_session


def test_lines_facts_notices_and_checks_hold_no_person(tmp_path: Path) -> None:
    settings = settings_module.load(data=tmp_path / "data", env={})
    hostile.write(settings)
    said: list[str] = []
    with open_session(settings, say=said.append) as session:
        taken, outcomes = stages.ingest(session)
    texts = {
        "said": "\n".join(said),
        "facts": next(settings.runs.glob("*.json")).read_text("utf-8"),
        "checks": json.dumps([[one.line, one.details] for one in outcomes], ensure_ascii=False),
        "notices": "".join(taken.entries["notices"].drop_nulls()),
        "states": "".join(taken.entries["unknown_states"].drop_nulls()),
        "reasons": "".join(taken.entries["reason"].drop_nulls()),
    }
    assert all(texts.values())
    assert hostile.found_in(texts) == []
    assert session.facts.sources["douyin_orders"]["rows_accepted"] > 0


@pytest.mark.parametrize(
    "line",
    [
        "unknown status words: 已发货 (3)",
        "missing required column channel_order_id; it may be 联系人方式 or 收件人姓名",
        "douyin_orders/1767316500_ab.csv: 20260105090000 rows",
        "",
    ],
)
def test_ordinary_line_stays_as_it_is(line: str) -> None:
    assert walled([line]) == [line]


def test_suspect_line_is_masked_and_the_order_stays() -> None:
    lines = walled(["a", "new column 13900008765", "b", "mail to nobody@example.com"])
    assert lines == ["a", "new column 139****8765", "b", "mail to ***@example.com"]
