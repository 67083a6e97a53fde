"""Rows beside a merchant's contracts are found; what cannot be appended to a seed is told in one line."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

import pytest

from dagster_project import settings as settings_module
from dagster_project.lib import dbt_project, due, seed_rows
from dagster_project.lib.errors import LuyueError
from dagster_project.settings import Settings

HEADER = "from_status,to_status,channel,valid_from,valid_to\n"


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    (tmp_path / "own" / "seeds").mkdir(parents=True)
    return settings_module.load(
        data=tmp_path / "data", channels=[tmp_path / "own", tmp_path / "none"], env={}
    )


def _write(settings: Settings, name: str, text: str, encoding: str = "utf-8") -> Path:
    path = settings.channels[1] / "seeds" / name
    path.write_text(text, encoding=encoding)
    return path


def test_dbt_is_told_the_folders_that_hold_rows(settings: Settings) -> None:
    file = _write(settings, "order_transitions.csv", f"\ufeff{HEADER}")
    assert seed_rows.folders(settings) == [file.parent]
    env = dbt_project.environment(settings, datetime(2026, 1, 1))
    assert env["LUYUE_SEED_ROWS"] == str(file.parent)


def test_a_new_row_makes_a_run_due(settings: Settings) -> None:
    before = due.code_fingerprint(settings)
    _write(settings, "order_transitions.csv", HEADER)
    assert due.code_fingerprint(settings) != before


@pytest.mark.parametrize(
    ("name", "text", "told"),
    [
        ("order_transition.csv", HEADER, "there is no seed of that name"),
        (
            "order_transitions.csv",
            HEADER.replace("channel", "chanel"),
            "['chanel'] are no columns of the seed",
        ),
        ("order_transitions.csv", HEADER.replace("to_status", "channel"), "occurs twice"),
    ],
)
def test_what_cannot_be_appended_is_told(settings: Settings, name: str, text: str, told: str) -> None:
    path = _write(settings, name, text)
    with pytest.raises(LuyueError, match="seeds") as error:
        seed_rows.folders(settings)
    assert str(path) in str(error.value)
    assert told in str(error.value)


def test_another_encoding_is_told(settings: Settings) -> None:
    _write(settings, "order_transitions.csv", "渠道\n", "gb18030")
    with pytest.raises(LuyueError, match="save the file as UTF-8"):
        seed_rows.folders(settings)
