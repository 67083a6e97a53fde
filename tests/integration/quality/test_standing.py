"""What people say of findings, folded over what was published before."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

import pytest
from integration.quality.published import publish

from dagster_project import settings as settings_module
from dagster_project.lib import inbox
from dagster_project.lib.quality import standing
from dagster_project.settings import Settings

AS_OF = datetime(2026, 2, 1)


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return settings_module.load(data=tmp_path / "data", env={})


def say(settings: Settings, finding: str, action: str, day: int, **more: str) -> None:
    inbox.append(
        settings, standing.KIND, {"finding_id": finding, "action": action, **more}, datetime(2026, 1, day)
    )


def row(settings: Settings, finding: str) -> dict:
    (found,) = standing.now(settings, AS_OF).filter(finding_id=finding).rows(named=True)
    return found


def test_the_last_word_counts_and_the_first_answer_is_the_response(settings: Settings) -> None:
    publish(settings, [{"finding_id": "f"}])
    assert standing.remember(settings) == {"findings": 1, "scores": 1}
    say(settings, "f", "acknowledge", 11)
    say(settings, "f", "assign", 12, assignee="王组", reason="打给 13812345678")
    say(settings, "f", "accept_risk", 13, reason="旧货")
    found = row(settings, "f")
    assert (found["was_state"], found["said_state"], found["said_assignee"]) == (
        "open",
        "accepted_risk",
        "王组",
    )
    assert (found["said_first_at"], found["said_last_at"]) == (datetime(2026, 1, 11), datetime(2026, 1, 13))
    assert found["said_reason"] == "旧货"
    say(settings, "f", "reopen", 14, reason="打给 13812345678")
    found = row(settings, "f")
    assert found["said_state"] == "open"
    assert "13812345678" not in found["said_reason"], "what people write is masked"


def test_what_was_said_before_it_closed_says_nothing_of_it_now(settings: Settings) -> None:
    publish(settings, [{"finding_id": "f", "state": "closed", "acted_until": datetime(2026, 1, 12)}])
    standing.remember(settings)
    say(settings, "f", "assign", 12, assignee="a")
    assert row(settings, "f")["said_state"] is None
    say(settings, "f", "acknowledge", 13)
    assert row(settings, "f")["said_state"] == "acknowledged"
    assert row(settings, "f")["said_assignee"] is None


def test_lines_that_are_no_entries_say_nothing(settings: Settings) -> None:
    folder = settings.inbox / standing.KIND
    folder.mkdir(parents=True)
    (folder / "2026-01.jsonl").write_text(
        'no json\n[]\n{"finding_id": "f"}\n'
        '{"finding_id": 3, "action": "assign", "at": "2026-01-01 00:00:00"}\n'
        '{"finding_id": "f", "action": "explode", "at": "2026-01-01 00:00:00"}\n'
        '{"finding_id": "f", "action": "assign", "at": "yesterday"}\n',
        "utf-8",
    )
    assert standing.now(settings, AS_OF).height == 0


def test_history_is_what_was_published_and_outlives_the_file(settings: Settings) -> None:
    publish(settings, [{"finding_id": "f"}, {"finding_id": "g", "state": "closed"}])
    standing.remember(settings)
    publish(settings, [{"finding_id": "h"}], "serve_2.duckdb")
    assert standing.now(settings, AS_OF)["finding_id"].to_list() == ["f", "g"], "until the next is published"
    standing.remember(settings)
    assert standing.now(settings, AS_OF)["finding_id"].to_list() == ["h"]
