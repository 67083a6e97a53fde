"""Text cells become numbers, times and booleans as the channels write them; what is none is told, not
guessed."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal

import polars as pl
import pytest

from dagster_project.lib.ingest.rules.typing_rules import type_columns


def typed(cells: list[str | None], kind: str) -> tuple[list[object], list[int]]:
    """The typed values and the positions of unreadable cells."""
    frame, unread = type_columns(pl.DataFrame({"c": cells}, schema={"c": pl.String}), {"c": kind})
    wrong = unread["c"][0].arg_true().to_list() if "c" in unread else []
    return frame["c"].to_list(), wrong


@pytest.mark.parametrize(
    ("cell", "value"),
    [
        ("1299.90", "1299.90"),
        ("¥1,299.90", "1299.90"),
        ("￥0", "0.00"),
        ("0元", "0.00"),
        ("201.12元", "201.12"),
        ("499.00（系统计算中，该值仅供参考）", "499.00"),
        ("(12.5)", "-12.50"),
        ("（12.5）", "-12.50"),
        ("-3", "-3.00"),
        ("12.299999999999999", "12.30"),
    ],
)
def test_money_as_channels_write_it(cell: str, value: str) -> None:
    assert typed([cell], "money") == ([Decimal(value)], [])


def test_words_in_a_money_cell_are_empty_and_nonsense_is_refused() -> None:
    assert typed(["无退款申请", None, "abc", "1-2", "9" * 25], "money") == ([None] * 5, [2, 3, 4])


@pytest.mark.parametrize(
    "cell",
    [
        "2026-09-10 08:00:00",
        "2026-09-10 08:00",
        "2026/9/10 8:00",
        "2026/09/10 08:00:00",
        "2026-09-10T08:00:00",
        "2026-09-10T00:00:00Z",
        "2026-09-10T08:00:00+08:00",
        "2026-09-10 08:00:00.000000",
        "1788998400",
        "1788998400000",
        "46275.3333333333",
    ],
)
def test_times_as_channels_write_them(cell: str) -> None:
    assert typed([cell], "ts") == ([datetime(2026, 9, 10, 8)], [])


@pytest.mark.parametrize("cell", ["2026-09-10", "2026/9/10", "2026.09.10", "2026年9月10日"])
def test_a_day_is_its_midnight(cell: str) -> None:
    assert typed([cell], "ts") == ([datetime(2026, 9, 10)], [])


def test_a_wrong_time_is_told_and_zeros_are_empty() -> None:
    values, wrong = typed(["2026-13-45 99:00:00", "2026-02-30", "0000-00-00 00:00:00", None, "soon"], "ts")
    assert values == [None] * 5
    assert wrong == [0, 1, 4]


def test_booleans_integers_and_floats() -> None:
    assert typed(["TRUE", "是", "0", "N", "maybe"], "bool") == ([True, True, False, False, None], [4])
    assert typed(["9", "9.0", "9.5", "x"], "int") == ([9, 9, None, None], [2, 3])
    assert typed(["1.5", "nan", "inf", "x"], "float") == ([1.5, None, None, None], [1, 2, 3])
