"""`luyue identity train|promote`: a version learnt from labelled records, compared, put in force; refused
where there is too little to learn from."""

from __future__ import annotations

import json
from pathlib import Path

import polars as pl
import pytest
from support.in_process import luyue

from identity.comparing import compare
from identity.link import POINTER, load_model, version_folder
from identity.training import train as training
from identity.training.card import card
from identity.training.world import world

PEOPLE = 400
ROWS = [("crm", str(n), f"U{n // 2}", f"1380000{n // 2:04d}", "王小明") for n in range(8)]


@pytest.fixture(scope="module")
def version(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A version learnt from a small generated world."""
    from identity.link import save_model

    records, person = world(PEOPLE * 4, 3)
    model, measured = training.train(training.labelled(records, person, "a small world"), "small")
    folder = tmp_path_factory.mktemp("models") / "small"
    save_model(model, folder)
    (folder / "card.md").write_text(card(model, "a small world", 1, measured), encoding="utf-8")
    return folder


def _records(folder: Path) -> Path:
    names = ("source", "source_record_id", "unionid", "phone", "name")
    path = folder / "records.csv"
    pl.DataFrame(ROWS, schema=dict.fromkeys(names, pl.String), orient="row").write_csv(path)
    return path


def test_a_version_tells_its_threshold_and_how_often_each_rule_is_right(version: Path) -> None:
    model = load_model(version)
    assert model.threshold in training.THRESHOLDS
    assert all(0 <= told["accepted"] <= 1 for told in model.rules.values())
    shares = [share for _, share in model.calibration]
    assert shares == sorted(shares)
    text = (version / "card.md").read_text(encoding="utf-8")
    assert f"threshold: {model.threshold}" in text
    assert "## Limits" in text


def test_too_little_to_learn_from_is_one_clear_line(tmp_path: Path) -> None:
    records = _records(tmp_path)
    truth = tmp_path / "truth.csv"
    pl.DataFrame({"source_record_id": [row[1] for row in ROWS], "person_id": ["p"] * len(ROWS)}).write_csv(
        truth
    )
    done = luyue("identity", "train", "--output", tmp_path / "m", "--input", records, "--truth", truth)
    assert done.code == 1
    assert "too few to learn from" in done.err
    assert not (tmp_path / "m").exists()
    alone = luyue("identity", "train", "--output", tmp_path / "m", "--input", records)
    assert "--truth" in alone.err


def test_a_version_is_compared_then_put_in_force_for_one_state(tmp_path: Path, version: Path) -> None:
    state, output, records = tmp_path / "state", tmp_path / "out.csv", _records(tmp_path)
    link = ("identity", "link", "--input", records, "--output", output, "--state", state)
    assert luyue(*link).code == 0
    before = output.read_bytes()
    told = luyue("identity", "promote", version, "--input", records, "--state", state, "--json")
    assert json.loads(told.out)["promoted"] is None
    assert not (state / "model").exists()
    done = luyue("identity", "promote", version, "--input", records, "--state", state, "--yes")
    assert done.code == 0, done.err
    assert (state / "model" / POINTER).read_text().strip() == "small"
    assert version_folder(state / "model").name == "small"
    again = json.loads(luyue(*link, "--json").out)
    assert again["looked_at"] == again["records"], "another model links everything anew"
    assert output.read_bytes() == before, "ids are carried over"


def test_customers_that_merge_split_and_move_are_counted() -> None:
    before = pl.Series(["a", "a", "b", "c", "c", "c", "d"])
    after = pl.Series([1, 1, 1, 2, 2, 3, 4])
    told = compare(before, after, pl.Series([f"r{n}" for n in range(7)]))
    assert (told.before, told.after, told.same) == (4, 4, 1)
    assert (told.merged, told.split, told.moved_records) == (2, 1, 1)
