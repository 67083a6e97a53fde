"""`luyue identity evaluate` over files: slices, ceiling and calibration where records and links are given."""

from __future__ import annotations

import json
from pathlib import Path

import polars as pl
import pytest
from support.in_process import luyue


@pytest.fixture
def files(tmp_path: Path) -> dict[str, Path]:
    tables = {
        "members": {"source_record_id": ["1", "2", "3", "4"], "customer_id": ["A", "A", "B", "B"]},
        "truth": {"source_record_id": ["1", "2", "3", "4", "5"], "person_id": ["p", "p", "p", "q", "q"]},
        "records": {
            "source_record_id": ["1", "2", "3", "4"],
            "touchpoint": ["pos_member_scan", "app_order_checkout", "app_order_checkout", "cs_phone_ticket"],
            "phone": ["13912345678", "139****5678", None, "13700000001"],
            "unionid": [None, None, "U", "U"],
        },
        "edges": {
            "left_record_id": ["1", "3", "1"],
            "right_record_id": ["2", "4", "9"],
            "probability": ["0.99", "0.9", "0.5"],
            "accepted": ["true", "true", "false"],
            "tier": ["exact", "model", "model"],
        },
    }
    paths = {name: tmp_path / f"{name}.csv" for name in tables}
    for name, columns in tables.items():
        pl.DataFrame(columns).write_csv(paths[name])
    return paths


def _evaluate(files: dict[str, Path], *names: str) -> dict:
    words = [word for name in ("members", "truth", *names) for word in (f"--{name}", files[name])]
    return json.loads(luyue("identity", "evaluate", *words, "--json").out)


def test_records_give_slices_and_the_ceiling(files: dict[str, Path]) -> None:
    told = _evaluate(files, "records")
    assert told["slices"]["touchpoint"]["app_order_checkout"]["records"] == 2
    assert told["slices"]["phone"]["masked"]["recall"] == pytest.approx(1 / 2)
    assert told["ceiling"] == pytest.approx(1 / 3)
    assert told["recall_of_ceiling"] == pytest.approx(1.0)
    assert told["sizes"]["clusters"] == 2


def test_links_whose_records_the_truth_knows_are_calibrated(files: dict[str, Path]) -> None:
    told = _evaluate(files, "edges")["calibration"]
    assert told["all"]["pairs"] == 2
    assert told["exact"]["bins"][0]["right"] == 1.0
    assert told["model"]["ece"] == pytest.approx(0.9)
    assert told["accepted"]["precision"] == pytest.approx(0.5)


def test_without_them_the_scores_and_the_slices_by_size_are_told(files: dict[str, Path]) -> None:
    told = _evaluate(files)
    assert set(told["slices"]) == {"cluster_size", "person_records"}
    assert "ceiling" not in told
    assert told["pairwise_f1"] == pytest.approx(0.4)


def test_the_roles_of_one_order_are_two_records(files: dict[str, Path]) -> None:
    roles = {"source": ["s"] * 3, "channel": ["jd", "jd", None], "source_record_id": ["1", "1", "1"]}
    role = {"role": ["owner", "recipient", "owner"]}
    pl.DataFrame({**roles, **role, "customer_id": ["A", "B", "A"]}).write_csv(files["members"])
    pl.DataFrame({**roles, **role, "person_id": ["p", "q", "p"]}).write_csv(files["truth"])
    told = _evaluate(files)
    assert told["records"] == 3
    assert (told["pairwise_precision"], told["pairwise_recall"]) == (1.0, 1.0)


def test_people_are_told_the_same_in_lines(files: dict[str, Path]) -> None:
    words = [word for name, path in files.items() for word in (f"--{name}", path)]
    done = luyue("identity", "evaluate", *words)
    assert done.code == 0
    for text in ("pairwise", "B³", "ceiling", "by touchpoint", "links, exact", "customers"):
        assert text in done.out


def test_a_file_without_a_needed_column_is_named(files: dict[str, Path]) -> None:
    done = luyue(
        "identity", "evaluate", "--members", files["members"], "--truth", files["truth"],
        "--edges", files["truth"],
    )  # fmt: skip
    assert done.code == 1
    assert "truth.csv: has no column left_record_id" in done.err


def test_links_without_sources_need_ids_that_come_once(files: dict[str, Path]) -> None:
    columns = ("source", "source_record_id")
    truth = pl.read_csv(files["truth"], infer_schema=False)
    both = [truth.with_columns(source=pl.lit(name)) for name in ("a", "b")]
    both[1] = both[1].with_columns(person_id=pl.lit("z"))
    pl.concat(both).select(*columns, "person_id").write_csv(files["truth"])
    done = luyue(
        "identity", "evaluate", "--members", files["members"], "--truth", files["truth"],
        "--edges", files["edges"],
    )  # fmt: skip
    assert done.code == 1
    assert "ids come again in the truth" in done.err
