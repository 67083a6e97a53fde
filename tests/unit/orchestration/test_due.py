"""A run is due for new content, changed rules, another cut-off or an unfinished run: and for nothing else."""

from __future__ import annotations

import subprocess
import sys
from dataclasses import replace
from datetime import datetime
from pathlib import Path

import pytest

from dagster_project import settings as settings_module
from dagster_project.lib import due
from dagster_project.settings import Settings


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    """A data folder whose last run finished."""
    channels = tmp_path / "channels"
    (channels / "shop_orders").mkdir(parents=True)
    (channels / "shop_orders" / "contract.yml").write_text("feed: orders\n")
    settings = settings_module.load(data=tmp_path / "data", channels=[channels], env={})
    (settings.lake / "_batches").mkdir(parents=True)
    (settings.lake / "_batches" / "0123.parquet").touch()
    settings.serving.mkdir()
    (settings.serving / "CURRENT").write_text("serve_r1.duckdb\n")
    _finish(settings)
    return settings


def _finish(settings: Settings, *, complete: bool = True) -> None:
    code, consumed = due.code_fingerprint(settings), due.consumed_fingerprint(settings)
    due.write_state(settings, due.State("r1", complete, code, consumed, "2026-01-02 03:04:05"))


def test_nothing_is_due_after_a_finished_run(settings: Settings) -> None:
    assert due.reasons(settings, new_files=0) == []
    same = replace(settings, as_of=datetime(2026, 1, 2, 3, 4, 5))
    assert due.reasons(same, new_files=0) == []


def test_first_run_is_due(tmp_path: Path) -> None:
    assert due.reasons(settings_module.load(data=tmp_path, env={}), new_files=0) == ["first run"]


def test_new_files_and_another_cut_off_are_due(settings: Settings) -> None:
    assert due.reasons(settings, new_files=2) == ["2 new files"]
    later = replace(settings, as_of=datetime(2026, 1, 2, 3, 4, 6))
    assert due.reasons(later, new_files=0) == ["another as_of"]
    assert due.reasons(replace(settings, full_refresh=True), new_files=0) == ["full refresh asked for"]


def test_changed_contract_is_due(settings: Settings) -> None:
    (settings.channels[-1] / "shop_orders" / "contract.yml").write_text("feed: aftersales\n")
    assert due.reasons(settings, new_files=0) == ["code, rules or contracts changed"]


def test_unfinished_run_is_due(settings: Settings) -> None:
    _finish(settings, complete=False)
    assert due.reasons(settings, new_files=0) == ["the last run did not finish"]


@pytest.mark.parametrize("damage", ["", "{", '{"run_id": 1}', "[]"])
def test_unreadable_state_is_a_first_run(settings: Settings, damage: str) -> None:
    (settings.data / due.STATE_FILE).write_text(damage)
    assert due.reasons(settings, new_files=0) == ["first run"]


def test_batch_taken_by_a_killed_run_is_due(settings: Settings) -> None:
    (settings.lake / "_batches" / "4567.parquet").touch()
    assert due.reasons(settings, new_files=0) == ["taken files or entries not yet in the warehouse"]


def test_entry_in_the_inbox_is_due(settings: Settings) -> None:
    (settings.inbox / "reviews").mkdir(parents=True)
    (settings.inbox / "reviews" / "2026.jsonl").write_text("{}\n")
    assert due.reasons(settings, new_files=0) == ["taken files or entries not yet in the warehouse"]


@pytest.mark.parametrize("kind", ["reveals", "intervention_states"])
def test_entry_that_no_mart_reads_is_not_due(settings: Settings, kind: str) -> None:
    (settings.inbox / kind).mkdir(parents=True)
    (settings.inbox / kind / "2026-01.jsonl").write_text("{}\n")
    assert due.reasons(settings, new_files=0) == []


def test_touching_a_source_file_changes_nothing(settings: Settings) -> None:
    (settings.channels[-1] / "shop_orders" / "contract.yml").touch()
    (settings.channels[-1] / "__pycache__").mkdir()
    (settings.channels[-1] / "__pycache__" / "x.py").write_text("generated")
    assert due.reasons(settings, new_files=0) == []


def test_asking_loads_nothing_heavy() -> None:
    """The answer comes within a second because none of these is imported for it."""
    script = (
        "import sys; from dagster_project.lib import run, arrivals, due, lock, session, status, summary;"
        "import dagster_project.lib.ingest;"
        "import dagster_project.cli;"
        "print([name for name in ('dagster', 'dbt', 'polars', 'duckdb', 'pandas', 'pyarrow', 'numpy') "
        "if name in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
