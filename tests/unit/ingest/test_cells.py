"""Cells and ids as the channels decorate and Excel destroys them."""

from __future__ import annotations

import polars as pl
import pytest

from dagster_project.lib.ingest.errors import FileRefusedError
from dagster_project.lib.ingest.rules.cells import canonical_cells, widths
from dagster_project.lib.ingest.rules.damaged_ids import DamagedIds
from dagster_project.lib.ingest.rules.totals import totals_rows


@pytest.mark.parametrize(
    ("raw", "cell"),
    [
        ("\t6917", "6917"),
        ("168.99\t", "168.99"),
        ("'13925130165", "13925130165"),
        ('="35153131473293579"', "35153131473293579"),
        ('=""', None),
        ("-", None),
        ("--", None),
        ("—", None),
        ("/", None),
        ("null", None),
        ("  ", None),
        ("a-b", "a-b"),
        ('say "x"', 'say "x"'),
    ],
)
def test_cell_is_canonical(raw: str, cell: str | None) -> None:
    frame = pl.DataFrame({"c0": [raw], "c1": [""]})
    assert canonical_cells(frame, widths(frame)).rows() == [(cell, None)]


def test_stacks_do_not_mix_columns() -> None:
    frame = pl.DataFrame({f"c{i}": [f" {i}-{n} " for n in range(3)] for i in range(5)})
    made = canonical_cells(frame, widths(frame))
    assert made["c3"].to_list() == ["3-0", "3-1", "3-2"]


def test_totals_are_rows_that_begin_with_the_word() -> None:
    frame = pl.DataFrame(
        {"a": ["合计", None, "1", "总计：3", "合计价"], "b": ["5", "小计", "合计", "1", "x"]}
    )
    assert totals_rows(frame).to_list() == [True, True, False, True, False]


def judge(ids: list[str | None], rows: int) -> None:
    """Judges a column of ids that comes in chunks of two rows."""
    damaged = DamagedIds()
    for start in range(0, len(ids), 2):
        damaged.see(pl.DataFrame({"order_id": ids[start : start + 2]}, schema={"order_id": pl.String}))
    damaged.refuse(rows)


@pytest.mark.parametrize(
    "ids",
    [
        ["6.91793E+18"],
        ["6917930000000000123", "6.9E+18"],
        ["6917930000000000000"],
        ["691793000000000000", "691793000000001000"],
        ["6917930000000120000", "6917930000000340000", None],
    ],
)
def test_damaged_ids_refuse_the_file(ids: list[str | None]) -> None:
    with pytest.raises(FileRefusedError, match="rounded the ids of order_id") as refused:
        judge(ids, 7)
    assert (refused.value.code, refused.value.rows) == ("damaged_ids", 7)


@pytest.mark.parametrize(
    "ids",
    [
        ["6917930000000000123", "6917930000000000000"],
        ["1000", "2000", "3000"],
        ["SF1234567890000"],
        ["2601020000000001", "2601020000000010"],
        [None],
        ["A1E+5"],
    ],
)
def test_sound_ids_pass(ids: list[str | None]) -> None:
    judge(ids, 1)
