"""A session: the cut-off it chooses, what it writes however it ends, and where a past cut-off works."""

from __future__ import annotations

import json
import traceback
from dataclasses import replace
from datetime import datetime
from pathlib import Path

import duckdb
import pytest

from dagster_project import settings as settings_module
from dagster_project.lib import due, inbox, stages
from dagster_project.lib.errors import LuyueError, WalledError
from dagster_project.lib.session import Session, open_session, placed
from dagster_project.settings import Settings


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return settings_module.load(data=tmp_path / "data", env={})


def _take_batch(settings: Settings, batch_id: str, exported_at: str, state: str = "accepted") -> None:
    folder = settings.lake / "_batches"
    folder.mkdir(parents=True, exist_ok=True)
    row = f"'{batch_id}' as batch_id, '{state}' as state, timestamp '{exported_at}' as exported_at"
    duckdb.execute(f"copy (select {row}) to '{folder}/{batch_id}.parquet'")


def _open(settings: Settings) -> Session:
    with open_session(settings, say=lambda text: None) as session:
        return session


def test_cut_off_is_the_newest_accepted_export(settings: Settings) -> None:
    _take_batch(settings, "a", "2026-01-02 10:00:00")
    _take_batch(settings, "b", "2026-01-01 10:00:00")
    _take_batch(settings, "c", "2026-01-09 10:00:00", state="refused")
    assert _open(settings).as_of == datetime(2026, 1, 2, 10)
    asked = replace(settings, as_of=datetime(2026, 3, 1))
    assert _open(asked).as_of == datetime(2026, 3, 1)


def test_cut_off_never_goes_back_unasked(settings: Settings) -> None:
    _take_batch(settings, "a", "2026-01-02 10:00:00")
    with open_session(replace(settings, as_of=datetime(2026, 3, 1)), say=lambda text: None) as session:
        session.mark_complete()
    assert _open(settings).as_of == datetime(2026, 3, 1)


def test_what_is_entered_after_it_was_noted_makes_another_run_due(settings: Settings) -> None:
    """Suites read corrections and answers before dbt does: what comes between is read by the next run."""
    _take_batch(settings, "a", "2026-01-02 10:00:00")
    with open_session(settings, say=lambda text: None) as session:
        session.note_consumed()
        inbox.append(settings, "findings", {"finding_id": "f", "action": "acknowledge"})
        session.mark_consumed()
        session.mark_complete()
    state = due.read_state(settings)
    assert state is not None
    assert state.consumed != due.consumed_fingerprint(settings)


def test_nothing_accepted_is_said_in_one_line(settings: Settings) -> None:
    with pytest.raises(LuyueError, match="no file was accepted"):
        _ = _open(settings).as_of


def test_facts_and_state_of_a_run_that_fails(settings: Settings) -> None:
    said: list[str] = []
    opened = open_session(settings, say=said.append)
    with pytest.raises(LuyueError), opened as session, session.stage("ingest"):
        raise LuyueError("the disk\n is full")
    facts = json.loads((settings.runs / f"{session.facts.run_id}.json").read_text())
    assert facts["blocked"] == ["ingest: the disk is full"]
    assert facts["published"] is None
    assert facts["seconds"].keys() == {"ingest"}
    assert said == ["ingest     started"]
    assert due.reasons(settings, new_files=0) == ["the last run did not finish", "nothing is published"]


def test_unexpected_error_tells_no_value(settings: Settings, capsys: pytest.CaptureFixture[str]) -> None:
    """Facts, logs and Dagster's history are read by many; the text of a foreign error may quote a cell."""
    opened = open_session(settings, say=print)
    with (
        pytest.raises(WalledError, match="ValueError in") as raised,
        opened as session,
        session.stage("ingest"),
    ):
        raise ValueError("cannot parse 13812345678")
    facts = (settings.runs / f"{session.facts.run_id}.json").read_text()
    shown = "".join(traceback.format_exception(raised.value)) + facts + capsys.readouterr().out
    assert "cannot parse" not in shown.replace('raise ValueError("cannot parse 13812345678")', "")
    assert "ValueError in test_session.py" in facts


def test_error_of_the_models_is_told_whole(settings: Settings, capsys: pytest.CaptureFixture[str]) -> None:
    """No personal value comes so far, and what a database says is what mends the model."""
    opened = open_session(settings, say=print)
    with pytest.raises(ValueError, match="column x"), opened as session, session.stage("transform"):
        raise ValueError("no column x")
    assert "no column x" in capsys.readouterr().out


def test_past_cut_off_works_apart_on_the_same_lake(settings: Settings) -> None:
    _take_batch(settings, "a", "2026-01-02 10:00:00")
    with open_session(settings, say=lambda text: None) as session:
        session.mark_complete()
    past = placed(replace(settings, as_of=datetime(2026, 1, 1, 12)))
    assert past.data == settings.data / "asof" / "20260101T120000"
    assert past.lake.resolve() == settings.lake.resolve()
    assert past.vault_key_file == settings.vault_key_file
    assert past.warehouse != settings.warehouse
    assert placed(replace(settings, as_of=datetime(2026, 1, 1, 12))) == past, "asked twice, one folder"
    later = replace(settings, as_of=datetime(2026, 1, 2, 10))
    assert placed(later) == later
    assert placed(settings) == settings


def test_cut_off_of_a_run_that_died_in_the_warehouse_counts(settings: Settings) -> None:
    """The warehouse may hold rows of it: an earlier cut-off must not be built over them."""
    _take_batch(settings, "a", "2026-01-02 10:00:00")
    with open_session(replace(settings, as_of=datetime(2026, 2, 1)), say=lambda text: None) as session:
        session.mark_consumed()
    assert placed(replace(settings, as_of=datetime(2026, 1, 15))).data != settings.data


def test_entry_made_during_a_run_is_due_after_it(settings: Settings) -> None:
    """The inbox is written without the lock: what came after dbt had read it must not count as consumed."""
    _take_batch(settings, "a", "2026-01-02 10:00:00")
    settings.serving.mkdir()
    (settings.serving / "CURRENT").touch()
    with open_session(settings, say=lambda text: None) as session:
        session.mark_consumed()
        (settings.inbox / "reviews").mkdir(parents=True)
        (settings.inbox / "reviews" / "2026.jsonl").write_text("{}\n")
        session.mark_complete()
    assert due.reasons(settings, new_files=0) == ["taken files or entries not yet in the warehouse"]


def test_only_the_marts_of_this_run_are_published(settings: Settings) -> None:
    """Publishing alone, from Dagster's pages, could otherwise show marts whose tests failed."""
    opened = open_session(settings, say=lambda text: None)
    with pytest.raises(LuyueError, match="start the whole job"), opened as session:
        stages.published(session)
    assert not (settings.serving / "CURRENT").exists()
