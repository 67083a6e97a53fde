"""Scores against gold: what counts as right, what a file must have, and that noise can be made and scored."""

from __future__ import annotations

import json
from pathlib import Path

import polars as pl
import pytest
from support.in_process import luyue

from identity.addresses import evaluate

GOLD = pl.DataFrame(
    {
        "address": ["浙江省杭州市西湖区文三路478号3幢", "朝阳区", "上海市浦东新区世纪大道8号", "文三路1号"],
        "adcode": ["330106", None, "310101", None],
        "road": ["文三路", None, "世纪大道", None],
        "road_no": ["478号", None, "9号", "1"],
        "kind": ["a", "b", "a", "b"],
    }
)


def test_a_row_is_right_if_its_district_is_or_none_is_where_there_is_none() -> None:
    scores = evaluate.evaluate(GOLD, with_peers=False)["readers"]["luyue"]
    assert scores["levels"]["district"] == {"right": 0.75, "wrong": 0.25, "rows": 4}
    assert scores["levels"]["province"] == {"right": 1.0, "wrong": 0.0, "rows": 2}
    assert {kind: row["right"] for kind, row in scores["kinds"].items()} == {"a": 0.5, "b": 1.0}


def test_names_without_kinds_and_numbers_with_theirs_count() -> None:
    gold = GOLD.with_columns(district=pl.Series(["西湖", None, "浦东", None])).drop("adcode")
    result = evaluate.evaluate(gold, with_peers=False)
    assert result["readers"]["luyue"]["levels"]["district"]["right"] == 1.0
    assert result["fields"]["road"] == round(2 * 2 / 5, 4)
    assert result["fields"]["road_no"] == round(2 * 2 / 6, 4)


def test_gold_without_truth_is_refused() -> None:
    with pytest.raises(ValueError, match="no column to compare with"):
        evaluate.evaluate(pl.DataFrame({"address": ["x"]}))


def test_noise_is_written_and_scored_by_the_command(tmp_path: Path) -> None:
    gold = tmp_path / "gold.csv"
    assert luyue("address", "noise", "--output", gold, "--each", "2").code == 0
    done = luyue("address", "evaluate", "--gold", gold, "--no-peers", "--json")
    result = json.loads(done.out)
    assert len(result["readers"]["luyue"]["kinds"]) > 80
    assert result["readers"]["luyue"]["levels"]["district"]["right"] > 0.95
    table = luyue("address", "evaluate", "--gold", gold, "--no-peers")
    assert "district right, by kind" in table.out


def test_a_gold_file_that_cannot_be_used_is_said_in_one_line(tmp_path: Path) -> None:
    gold = tmp_path / "gold.csv"
    gold.write_text("address\n北京市\n", encoding="utf-8")
    for options, said in ((("--column", "x"), "has no column x"), ((), "no column to compare with")):
        done = luyue("address", "evaluate", "--gold", gold, "--no-peers", *options)
        assert done.code == 1
        assert said in done.err
        assert done.err.count("\n") == 1
