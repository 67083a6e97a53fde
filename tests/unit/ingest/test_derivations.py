"""What contracts derive: each rule on few rows, and those that look at neighbours whatever the cuts."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Sequence
from datetime import datetime
from pathlib import Path

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st
from support.ingest_files import AT, KEY, csv_bytes

from dagster_project.lib.ingest.batch import build_batch
from dagster_project.lib.ingest.contracts.contract import load_contract
from dagster_project.lib.ingest.origin import Origin
from dagster_project.lib.ingest.rules.neighbour_rules import Memory, fill_down, on_newest, ordinals
from dagster_project.lib.ingest.rules.row_rules import (
    composed,
    infer_time,
    listed,
    refine,
    split,
    strip_prefix,
)
from dagster_project.lib.ingest.rules.word_rules import map_words, unknown_words

FILL = {"key": "order", "columns": ["at", "state"]}
COUNT = {"prefix": "order", "separator": "-", "within": ["order"]}
REPEAT = {"prefix": "order", "separator": "-", "within": ["order", "line"], "repeated": True}
cell = st.sampled_from([None, "1", "2"])


def frame(**columns: Sequence[str | None]) -> pl.DataFrame:
    return pl.DataFrame(columns, schema=dict.fromkeys(columns, pl.String))


def in_chunks(
    rows: pl.DataFrame, cuts: Sequence[int], rule: Callable[[pl.DataFrame, Memory], pl.DataFrame]
) -> pl.DataFrame:
    """The rule over the rows cut at these places, with one memory."""
    memory: Memory = {}
    edges = [0, *sorted(min(cut, rows.height) for cut in cuts), rows.height]
    pieces = [rows[a:b] for a, b in itertools.pairwise(edges)]
    return pl.concat([rule(piece, memory) for piece in pieces if piece.height] or [rows])


@given(st.lists(st.tuples(cell, cell, cell), min_size=1), st.lists(st.integers(0, 20), max_size=4))
def test_cuts_change_nothing(rows: list[tuple[str | None, ...]], cuts: list[int]) -> None:
    table = pl.DataFrame(rows, schema=dict.fromkeys(("order", "at", "state"), pl.String), orient="row")
    lines = table.rename({"at": "line"})
    for given_rows, rule in (
        (table, lambda piece, memory: fill_down(piece, FILL, memory)),
        (lines, lambda piece, memory: ordinals(piece, "n", COUNT, memory)),
        (lines, lambda piece, memory: ordinals(piece, "line", REPEAT, memory)),
    ):
        assert in_chunks(given_rows, cuts, rule).equals(in_chunks(given_rows, [], rule))


def test_merged_cells_are_filled_from_above() -> None:
    rows = frame(
        order=["A", None, None, "B", None], at=["1", None, "1", None, None], state=["x"] + [None] * 4
    )
    found = fill_down(rows, FILL, {})
    assert found["order"].to_list() == ["A", "A", "A", "B", "B"]
    assert found["state"].to_list() == ["x", "x", "x", None, None], "B has no state of its own"


def test_a_row_that_contradicts_the_one_above_stays_without_key() -> None:
    rows = frame(order=[None, "A", None, None], at=["0", "1", "2", None], state=[None] * 4)
    assert fill_down(rows, FILL, {})["order"].to_list() == [None, "A", None, "A"]


def test_equal_lines_are_numbered_from_the_second_on() -> None:
    rows = frame(order=["A", "A", "A", "A"], line=["s", "s", None, None])
    assert ordinals(rows, "line", REPEAT, {})["line"].to_list() == ["s", "s-2", "A-1", "A-2"]


def test_a_state_of_the_whole_stands_for_the_newest_row_of_each_run() -> None:
    """Two exports of one waybill in a file each say where it was then."""
    rule = {"value": "state", "within": ["no"], "time": "at"}
    rows = frame(no=["a", "a", "b", "a"], at=["1", "2", "9", "3"], state=["go", "go", "go", "done"])
    lines = pl.Series([1, 1, 1, 2])
    assert on_newest(rows, "said", rule, lines)["said"].to_list() == [None, "go", "go", "done"]


def test_a_state_that_is_exported_twice_in_a_row_stands_at_both() -> None:
    """Lines that follow each other are no run: a chunk may end between them."""
    rule = {"value": "state", "within": ["no"], "time": "at"}
    rows = frame(no=["a", "a", "a"], at=["1", "2", "2"], state=["go", "go", "done"])
    assert on_newest(rows, "said", rule, pl.Series([7, 7, 8]))["said"].to_list() == [None, "go", "done"]


def test_a_group_of_the_column_itself_replaces_the_cell() -> None:
    rule = {"from": "all", "pattern": r"^(?P<name>\S+) (?P<phone>\d+) (?P<all>.+)$"}
    found = split(frame(all=["Ann 123 1 Road", "2 Road"], name=[None, "Bo"]), rule)
    assert found.select("all", "name", "phone").rows() == [("1 Road", "Ann", "123"), ("2 Road", "Bo", None)]


@pytest.mark.parametrize(
    ("id", "first", "told"),
    [("A,B", "A", "A,B"), ("A，B , C", "A", "A,B,C"), ("A", "A", None), (None, None, None)],
)
def test_several_ids_of_a_cell_are_listed(id: str | None, first: str | None, told: str | None) -> None:
    rule = {"from": "id", "pattern": r"[^,，\s]+", "at_least": 2, "first": True}
    assert listed(frame(id=[id]), "ids", rule).select("id", "ids").row(0) == (first, told)


def test_ids_in_a_remark_are_listed_where_it_speaks_of_them() -> None:
    rule = {"from": "note", "pattern": r"\d{9,}", "when": "拆分"}
    found = listed(frame(note=["订单拆分为 300000000002 300000000003", "请致电 300000000002"]), "ids", rule)
    assert found["ids"].to_list() == ["300000000002,300000000003", None]


def test_a_time_is_inferred_only_where_there_is_none_and_says_so() -> None:
    rule = {"from": "id", "pattern": r"^(\d{6})-", "format": "%y%m%d", "marks": "inferred"}
    at = datetime(2026, 1, 2, 10)
    rows = frame(id=["260102-1", "260103-2", "269999-3", "x"]).with_columns(
        pl.Series("at", [at, None, None, None], dtype=pl.Datetime("us"))
    )
    found = infer_time(rows, "at", rule)
    assert found["at"].to_list() == [at, datetime(2026, 1, 3), None, None]
    assert found["inferred"].to_list() == [None, True, None, None]


def test_an_optional_part_may_be_a_column_that_the_file_lacks() -> None:
    rows = frame(order=["A", None])
    assert composed(rows, "id", "{order}-{service:?}")["id"].to_list() == ["A-", None]
    assert "id" not in composed(rows, "id", "{order}-{service}").columns


def test_words_go_by_map_then_by_pattern_and_unknown_ones_are_told() -> None:
    rule = {"from": "site", "into": "channel", "list": "channel", "unknown": None}
    rule |= {"map": {"ＪＤ（自营）": "jd"}, "patterns": {"淘宝|天猫": "taobao", "天猫国际": "tmall_global"}}
    memory: Memory = {}
    found = map_words(frame(site=["JD(自营)", "天猫国际店", "自建站", None, "自建站", "pos"]), rule, memory)
    assert found["channel"].to_list() == ["jd", "taobao", None, None, None, "pos"]
    assert unknown_words(memory) == [
        "unknown channel words, left empty: 自建站 (2); add them to the contract's words"
    ]


def test_a_word_is_refined_by_another_column() -> None:
    rule = {"column": "state", "from": "closed", "by": "why", "pattern": "未付款", "into": "closed_unpaid"}
    found = refine(frame(state=["closed", "closed", "shipped"], why=["买家未付款", None, "未付款"]), rule)
    assert found["state"].to_list() == ["closed_unpaid", "closed", "shipped"]


def test_a_prefix_is_taken_off_whatever_its_brackets() -> None:
    found = strip_prefix(
        frame(state=["(删除)完成", "（删除）完成", "完成"]), "state", {"text": "(删除)", "marks": "gone"}
    )
    assert found["state"].to_list() == ["完成"] * 3
    assert found["gone"].to_list() == ["true", "true", "false"]


def test_name_and_folder_of_a_file_tell_columns(tmp_path: Path) -> None:
    (tmp_path / "s").mkdir()
    text = "version: 1\nsource: s\nfeed: orders\nowner: o\nname: {zh: 一, en: one}\nheaders: feed\n"
    text += r"""from_folder: ['^(?P<channel>[^/]+)/(?P<shop_id>[^/]+)$']""" + "\n"
    (tmp_path / "s" / "contract.yml").write_text(
        text + r"from_name: ['_(?P<store_id>\w+)\.csv$']", encoding="utf-8"
    )
    name = "o_S1.csv"
    origin = Origin(load_contract(tmp_path / "s"), "b" * 16, f"s/app/shop 2/{name}", AT, name)
    lake = build_batch(csv_bytes([{"channel_order_id": "1"}]), origin, KEY).lake
    assert lake is not None
    assert lake.select("channel", "shop_id", "store_id").row(0) == ("app", "shop 2", "S1")
