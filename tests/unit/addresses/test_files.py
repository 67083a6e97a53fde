"""A file of addresses into another: every row and column, whatever the file is, and one line where it cannot
be."""

from __future__ import annotations

import json
from pathlib import Path

import polars as pl
import pytest
from support.in_process import luyue

from dagster_project.lib.address_files import normalise_file
from dagster_project.lib.errors import LuyueError
from identity.addresses import COLUMNS

TEXTS = [
    "浙江省杭州市西湖区文三路478号",
    "朝阳区建国路88号",
    "",
    '"旧"上海市浦东新区',
    "广东省\n深圳市南山区",
    "=1+1",
    "横店镇梨园路1号",
]
ADCODES = ["330106", None, None, "310115", "440305", None, "330783"]
FRAME = pl.DataFrame({"id": [f"0{n}" for n in range(len(TEXTS))], "address": TEXTS})


def written(path: Path, encoding: str = "utf-8") -> Path:
    """The frame as the path's kind of file."""
    if path.suffix == ".parquet":
        FRAME.write_parquet(path)
    elif path.suffix == ".xlsx":
        FRAME.write_excel(path)
    else:
        path.write_bytes(FRAME.write_csv().encode(encoding))
    return path


def table(path: Path) -> pl.DataFrame:
    if path.suffix == ".parquet":
        return pl.read_parquet(path)
    if path.suffix == ".xlsx":
        return pl.read_excel(path, infer_schema_length=0)
    return pl.read_csv(path, infer_schema=False)


@pytest.mark.parametrize("kind", ["csv", "xlsx", "parquet"])
@pytest.mark.parametrize("wanted", ["csv", "xlsx", "parquet"])
def test_every_row_and_column_is_kept_in_order(tmp_path: Path, kind: str, wanted: str) -> None:
    output = tmp_path / f"out.{wanted}"
    done = normalise_file(written(tmp_path / f"in.{kind}"), "address", output)
    found = table(output)
    assert found.columns == ["id", "address", *COLUMNS]
    assert found["id"].to_list() == FRAME["id"].to_list()
    assert found["adcode"].to_list() == ADCODES
    assert done.rows == FRAME.height


@pytest.mark.parametrize("encoding", ["gb18030", "utf-8-sig", "utf-16"])
def test_the_encoding_changes_nothing(tmp_path: Path, encoding: str) -> None:
    output = tmp_path / "out.csv"
    normalise_file(written(tmp_path / "in.csv", encoding), "address", output)
    assert table(output)["adcode"].to_list() == ADCODES


def test_candidates_are_json_in_text_and_a_list_in_parquet(tmp_path: Path) -> None:
    source = written(tmp_path / "in.csv")
    normalise_file(source, "address", tmp_path / "out.csv")
    normalise_file(source, "address", tmp_path / "out.parquet")
    assert json.loads(table(tmp_path / "out.csv")["candidates"][1]) == ["110105", "220104"]
    assert table(tmp_path / "out.parquet")["candidates"][1].to_list() == ["110105", "220104"]


def test_an_input_column_of_an_added_name_is_kept_under_another_and_said(tmp_path: Path) -> None:
    source = tmp_path / "in.csv"
    source.write_text("city,input_city,address\nx,y,北京市朝阳区\n", encoding="utf-8")
    done = normalise_file(source, "address", tmp_path / "out.csv", {"city": "city"})
    row = table(tmp_path / "out.csv").row(0, named=True)
    assert (row["input_city_2"], row["input_city"], row["adcode"]) == ("x", "y", "110105")
    assert len(done.notices) == 1


def test_lines_of_another_width_are_rows_all_the_same(tmp_path: Path) -> None:
    source = tmp_path / "in.csv"
    lines = ["id,address", "1,北京市,朝阳区", "2", "", "4,上海市", "5,天津市,x,y"]
    source.write_text("\n".join(lines) + "\n", encoding="utf-8")
    done = normalise_file(source, "address", tmp_path / "out.parquet")
    found = table(tmp_path / "out.parquet")
    assert found["adcode"].to_list() == ["110000", None, None, "310000", "120000"]
    assert any("cells" in notice for notice in done.notices)


def test_source_columns_are_evidence(tmp_path: Path) -> None:
    source = tmp_path / "in.csv"
    source.write_text("省;市;addr\n浙江;杭州;西湖区文三路1号\n", encoding="utf-8")
    normalise_file(source, "addr", tmp_path / "out.csv", {"province": "省", "city": "市"})
    assert table(tmp_path / "out.csv")["adcode"].to_list() == ["330106"]


def test_a_header_without_rows_gives_a_header_without_rows(tmp_path: Path) -> None:
    source = tmp_path / "in.csv"
    source.write_text("address", encoding="utf-8")
    for name in ("out.csv", "out.xlsx", "out.parquet"):
        assert normalise_file(source, "address", tmp_path / name).rows == 0
        assert table(tmp_path / name).columns == ["address", *COLUMNS]


@pytest.mark.parametrize(
    ("content", "column", "output", "said"),
    [
        (b"", "address", "out.csv", "the file is empty"),
        (b"id,address\n1,x\n", "addr", "out.csv", "has no column addr; it has id, address"),
        (b"address\nx\n", "address", "out.json", "cannot write this kind of file"),
        (b"address\nx\n", "address", "in.csv", "is the input itself"),
        (bytes(range(128, 256)) * 40, "address", "out.csv", "neither UTF-8"),
        (b"PAR1 no parquet", "address", "out.csv", "is no readable Parquet file"),
        (b"PK\x03\x04 no workbook", "address", "out.csv", "the workbook cannot be read"),
    ],
)
def test_what_cannot_be_done_is_said_in_one_line(
    tmp_path: Path, content: bytes, column: str, output: str, said: str
) -> None:
    source = tmp_path / "in.csv"
    source.write_bytes(content)
    with pytest.raises(LuyueError, match=said) as caught:
        normalise_file(source, column, tmp_path / output)
    assert "\n" not in str(caught.value)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["in.csv"]


def test_the_command_prints_json_and_fails_in_one_line(tmp_path: Path) -> None:
    output = tmp_path / "out.csv"
    source = written(tmp_path / "in.csv")
    asked = ("address", "normalise", "--input", source, "--output", output)
    done = luyue(*asked, "--column", "address", "--json", "--no-infer-town")
    assert (done.code, done.json["rows"], done.json["methods"]["none"]) == (0, FRAME.height, 3)
    failed = luyue(*asked, "--column", "addr")
    assert (failed.code, failed.err.count("\n")) == (1, 1)
