"""Exports that are broken in the ways that happen: one clear line each, accounted for, the rest loaded."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from support import marts
from support.bad_exports import Export, all_exports, expected, write
from support.command import luyue, run
from support.once import made_once

EXPORTS = all_exports()


@pytest.fixture(scope="module")
def bad_run(shared_folder: Path) -> tuple[Path, dict[str, Any]]:
    """The data folder after one run over all of them, and the run's facts."""

    def make(folder: Path) -> dict[str, Any]:
        write(folder / "data" / "landing", EXPORTS)
        return run(folder / "data")

    folder, facts = made_once(shared_folder, "bad_exports", make)
    return folder / "data", facts


def test_every_file_and_row_is_accounted_for(bad_run: tuple[Path, dict[str, Any]]) -> None:
    """Rows in = accepted + refused + totals, for each source, to the row: a lost row is a lost order."""
    _, facts = bad_run
    assert facts["sources"] == expected(EXPORTS)
    for counts in facts["sources"].values():
        assert counts["rows_read"] == counts["rows_accepted"] + counts["rows_refused"] + counts["rows_totals"]


@pytest.mark.parametrize("export", [e for e in EXPORTS if e.says], ids=lambda e: e.name)
def test_what_is_wrong_is_said_in_one_clear_line(
    export: Export, bad_run: tuple[Path, dict[str, Any]]
) -> None:
    """The line names the file or source and what is wrong; nobody has to read a stack trace."""
    _, facts = bad_run
    rows = [f"{why}: {count}" for why, count in facts["refused_rows"].items()]
    lines = [*facts["refused_files"], *rows, *facts["notices"]]
    told = [line for line in lines if all(word in line for word in export.says)]
    assert len(told) == 1, lines
    assert "\n" not in told[0]
    assert "Traceback" not in told[0]


def test_the_rest_is_loaded(bad_run: tuple[Path, dict[str, Any]]) -> None:
    """A bad file beside a good one costs nothing but itself; an unknown status does not cost the order."""
    data, _ = bad_run
    orders = marts.read(marts.published_file(data))["fct_orders"]
    wanted = {order for export in EXPORTS for order in export.orders}
    not_pos = orders.filter(orders["channel"] != "pos")
    assert set(not_pos["channel_order_id"]) == wanted
    unknown = orders.filter(orders["channel"] == "douyin")
    assert unknown["status"].to_list() == ["unknown"]
    assert orders.filter(orders["channel"] == "pos").height == 3


def test_refused_rows_are_listed_with_file_and_line(bad_run: tuple[Path, dict[str, Any]]) -> None:
    """Whoever mends the export needs the place; whole files stand in the list, too."""
    data, _ = bad_run
    listed = luyue("quarantine", "list", "--data", data, cwd=data)
    assert listed.code == 0, listed.text
    cut = next(line for line in listed.out.splitlines() if "cut_20260301120400.csv" in line)
    assert ":4 " in cut
    for export in EXPORTS:
        if export.counts.get("files_refused"):
            assert sum(export.file in line for line in listed.out.splitlines()) == 1


def test_a_second_run_reads_nothing_again(bad_run: tuple[Path, dict[str, Any]]) -> None:
    """A refused file stays refused until its bytes change; it is not counted or told again."""
    data, first = bad_run
    again = luyue("run", "--data", data, cwd=data)
    assert again.code == 0, again.text
    assert "nothing is new" in again.text
    assert run(data)["run_id"] == first["run_id"]
