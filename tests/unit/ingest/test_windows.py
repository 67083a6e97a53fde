"""What a file is complete for: by contract, by its name, by its rows; never with a refused row."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from support.ingest_files import AT, KEY, csv_bytes

from dagster_project.lib.ingest.batch import build_batch
from dagster_project.lib.ingest.contracts.contract import load_contract
from dagster_project.lib.ingest.contracts.windows import Completeness
from dagster_project.lib.ingest.origin import Origin

HEAD = "version: 1\nsource: s\nfeed: orders\nchannel: x\nowner: o\nname: {zh: 一, en: one}\nheaders: feed\n"
NAMED = r"window: {column: ordered_at, pattern: '_(?P<from>\d{8})-(?P<to>\d{8}(?:\d{6})?)'}"
ROWS = [
    {"channel_order_id": "1", "quantity": "1", "ordered_at": "2026-01-02 10:00:00"},
    {"channel_order_id": "2", "quantity": "1", "ordered_at": "2026-01-01 09:00:00"},
]


def complete_for(folder: Path, keys: str, name: str = "x.csv", rows: Any = ROWS) -> Completeness:  # noqa: ANN401
    (folder / "s").mkdir()
    (folder / "s" / "contract.yml").write_text(HEAD + keys, encoding="utf-8")
    origin = Origin(load_contract(folder / "s"), "b" * 16, f"s/{name}", AT, name)
    return build_batch(csv_bytes(rows), origin, KEY).complete_for


@pytest.mark.parametrize(
    ("keys", "complete"), [("", False), ("complete: false", False), ("complete: true", True)]
)
def test_a_contract_says_that_files_are_complete(tmp_path: Path, keys: str, complete: bool) -> None:
    assert complete_for(tmp_path, keys) == Completeness(complete)


def test_the_window_goes_from_the_least_to_the_greatest_time(tmp_path: Path) -> None:
    window = (datetime(2026, 1, 1, 9), datetime(2026, 1, 2, 10))
    assert complete_for(tmp_path, "window: {column: ordered_at}") == Completeness(
        False, "ordered_at", *window
    )


@pytest.mark.parametrize(
    ("name", "end"),
    [
        ("o_20260101-20260103.csv", datetime(2026, 1, 3, 23, 59, 59, 999999)),
        ("o_20260101-20260103120000.csv", datetime(2026, 1, 3, 12)),
        ("o_20260101-20269903.csv", datetime(2026, 1, 2, 10)),
    ],
)
def test_the_window_of_the_name_comes_first(tmp_path: Path, name: str, end: datetime) -> None:
    """A last day counts to its end; a name that tells no time leaves it to the rows."""
    found = complete_for(tmp_path, NAMED, name)
    assert (found.column, found.end) == ("ordered_at", end)


def test_a_file_with_a_refused_row_is_complete_for_nothing(tmp_path: Path) -> None:
    rows = [*ROWS, ROWS[0] | {"quantity": "-1"}]
    assert complete_for(tmp_path, "complete: true\nwindow: {column: ordered_at}", rows=rows) == Completeness()
