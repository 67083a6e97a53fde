"""`luyue identity review` over linked files: cases shown masked, answered, done by the next linking."""

from __future__ import annotations

from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from dagster_project import settings as settings_module
from dagster_project.lib import review_answers, review_material, reviewing
from dagster_project.lib.errors import LuyueError
from dagster_project.lib.identity_files import deciding, link_file
from dagster_project.settings import Settings

RECORDS = [
    {"source_record_id": "r1", "phone": "13912340001", "name": "张伟文", "unionid": "oUnionOfTheFirst"},
    {"source_record_id": "r2", "phone": "13912340001", "name": "张*", "unionid": "oUnionOfTheOther"},
    {"source_record_id": "r3", "phone": "13912340001", "name": "张伟文", "email": "zhang@example.cn"},
]
SECRETS = ("13912340001", "张伟文", "zhang@example.cn", "oUnionOfTheFirst")


@pytest.fixture
def place(tmp_path: Path) -> tuple[Settings, Path]:
    pl.DataFrame(RECORDS).write_csv(tmp_path / "records.csv")
    state = tmp_path / "state"
    link_file(tmp_path / "records.csv", tmp_path / "out.csv", state=state)
    return settings_module.load(data=state, env={}), state


def _customers(state: Path) -> dict[str, str]:
    link_file(state.parent / "records.csv", state.parent / "out.csv", state=state)
    return dict(pl.read_csv(state.parent / "out.csv").select("source_record_id", "customer_id").iter_rows())


def _shown(settings: Settings, folder: Path) -> list[dict[str, Any]]:
    queue = reviewing.queue(settings, folder)
    told = review_material.facts(settings, reviewing.records_of(queue, 9), in_state=True)
    return reviewing.shown(queue, told, 9)


def test_a_refused_link_is_a_case_shown_without_a_value_score_or_rule(place: tuple[Settings, Path]) -> None:
    cases = _shown(*place)
    assert len(cases) == 1
    verdicts = {fact["field"]: fact["verdict"] for fact in cases[0]["facts"]}
    assert (verdicts["phone"], verdicts["name"], verdicts["unionid"]) == ("equal", "similar", "different")
    text = str(cases)
    assert not [secret for secret in SECRETS if secret in text]
    assert not [
        word for word in ("probability", "rule", "priority", "phone_name", "customer") if word in text
    ]


def test_same_is_a_label_and_links(place: tuple[Settings, Path]) -> None:
    settings, state = place
    assert len(set(_customers(state).values())) == 2
    case = _shown(settings, state)[0]["case_id"]
    reviewing.decide(settings, state, case, "same", "one person with two phones")
    assert len(set(_customers(state).values())) == 1
    labels = review_answers.labels(settings)
    assert labels.select("case_id", "is_same", "accepted").rows() == [(case, True, False)]
    assert reviewing.queue(settings, state).waiting.is_empty()


def test_a_label_falls_with_its_decision_and_the_case_comes_back(place: tuple[Settings, Path]) -> None:
    settings, state = place
    case = _shown(settings, state)[0]["case_id"]
    event = reviewing.decide(settings, state, case, "different", "two accounts of a couple")
    assert reviewing.listing(settings, state)["answered"] == 1
    assert reviewing.queue(settings, state).waiting.is_empty()
    deciding.revoke(settings, event, "they wrote to us")
    assert review_answers.labels(settings).is_empty()
    assert reviewing.queue(settings, state).waiting["case_id"].to_list() == [case]


def test_unsure_waits_thirty_days_and_decides_nothing(place: tuple[Settings, Path]) -> None:
    settings, state = place
    now = datetime(2026, 5, 1)
    case = _shown(settings, state)[0]["case_id"]
    reviewing.decide(settings, state, case, "unsure", "too little is known", now)
    assert deciding.decisions(settings).is_empty()
    for days, waits in ((29, 0), (31, 1)):
        assert reviewing.queue(settings, state, now + timedelta(days=days)).waiting.height == waits


def test_answers_that_cannot_be_are_refused(place: tuple[Settings, Path]) -> None:
    settings, state = place
    case = _shown(settings, state)[0]["case_id"]
    with pytest.raises(LuyueError, match="is no answer"):
        reviewing.decide(settings, state, case, "perhaps", "x")
    with pytest.raises(LuyueError, match="no such case waits"):
        reviewing.decide(settings, state, "R000000000000", "same", "x")
    assert reviewing.queue(settings, state).waiting.height == 1
