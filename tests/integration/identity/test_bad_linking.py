"""What a file of records may do wrong: nothing that says who is who, one number on every record, the same
record twice, a value that would make one customer of many. A clear answer each, and nothing else is
lost."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import polars as pl
import pytest
from support.in_process import luyue

MANY = 60
SHARED = 3_000


def write(path: Path, **columns: list[Any]) -> Path:
    pl.DataFrame(columns).write_parquet(path)
    return path


def link(source: Path, output: Path, *more: object) -> dict[str, Any]:
    done = luyue("identity", "link", "--input", source, "--output", output, "--json", *more)
    assert done.code == 0, done.err
    return dict(json.loads(done.out))


def test_records_that_show_nothing_stay_apart(tmp_path: Path) -> None:
    ids = [str(number) for number in range(50)]
    blank = [None] * 50
    source = write(
        tmp_path / "in.parquet", source_record_id=ids, phone=blank, name=[""] * 50, unionid=["-"] * 50
    )
    told = link(source, tmp_path / "out.csv")
    assert told["customers"] == 50
    alone = write(tmp_path / "b.parquet", source_record_id=ids, gender=["f"] * 50, city=["杭州市"] * 50)
    told = link(alone, tmp_path / "out.csv")
    assert told["customers"] == 50
    assert told["notices"] == ["50 records show nothing to link by: each is a customer of its own"]


@pytest.mark.parametrize("value", [["13712345670"], {"number": "13712345670"}, b"\xff\xfe"])
def test_a_column_of_lists_or_bytes_is_refused_by_its_name(value: object, tmp_path: Path) -> None:
    source = write(tmp_path / "in.parquet", source_record_id=["1"], phone=[value], name=["张伟"])
    done = luyue("identity", "link", "--input", source, "--output", tmp_path / "out.csv")
    assert done.code == 1
    assert f"{source}: the column phone holds " in done.err
    assert not (tmp_path / "out.csv").exists()


def test_one_number_on_every_record_makes_no_customer_of_them(tmp_path: Path) -> None:
    ids = [str(number) for number in range(SHARED)]
    given = "伟芳娜敏静丽强磊军洋勇艳杰娟涛明超秀霞平"
    names = [f"王{given[n % 20]}{given[n // 20 % 20]}" for n in range(SHARED)]
    source = write(tmp_path / "in.parquet", source_record_id=ids, phone=["13912345678"] * SHARED, name=names)
    told = link(source, tmp_path / "out.parquet")
    assert told["customers"] == SHARED, "a number that hundreds of names share says nothing"
    assert [notice for notice in told["notices"] if f"{SHARED} records show the number 139****5678" in notice]
    added = write(tmp_path / "b.parquet", source_record_id=["x"], phone=["13912345678"], name=["李四光"])
    state = ("--state", tmp_path / "state")
    link(source, tmp_path / "out.parquet", *state)
    assert link(added, tmp_path / "out.parquet", *state)["customers"] == SHARED + 1


def test_a_file_that_would_merge_too_many_is_refused_and_changes_nothing(tmp_path: Path) -> None:
    ids, state, output = [str(n) for n in range(MANY)], tmp_path / "state", tmp_path / "out.csv"
    names = ["王小明"] * MANY
    phones = [f"139{n:04d}5678" for n in range(MANY)]
    first = write(tmp_path / "a.parquet", source_record_id=ids, phone=phones, name=names)
    assert link(first, output, "--state", state)["customers"] == MANY
    before = output.read_bytes()
    bad = write(
        tmp_path / "b.parquet", source_record_id=ids, phone=phones, name=names, unionid=["SAME"] * MANY
    )
    refused = luyue("identity", "link", "--input", bad, "--output", output, "--state", state)
    assert refused.code == 1
    assert f"{MANY - 1} customers would merge" in refused.err
    assert "--allow-merges" in refused.err
    assert output.read_bytes() == before
    assert link(first, output, "--state", state)["looked_at"] == 0, "the state is as before"
    allowed = link(bad, output, "--state", state, "--allow-merges", str(MANY))
    assert allowed["customers"] == 1


def test_a_ledger_that_cannot_be_opened_is_one_clear_line(tmp_path: Path) -> None:
    source, state = (
        write(tmp_path / "a.parquet", source_record_id=["1"], phone=["13912345678"]),
        tmp_path / "state",
    )
    link(source, tmp_path / "out.csv", "--state", state)
    (state / "ledger.duckdb").write_bytes(b"no database" * 1000)
    done = luyue("identity", "link", "--input", source, "--output", tmp_path / "out.csv", "--state", state)
    assert done.code == 1
    assert "cannot be opened" in done.err
    assert "Traceback" not in done.err
