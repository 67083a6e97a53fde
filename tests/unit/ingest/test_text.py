"""Delimited text: encodings, delimiters, preambles; blank, cut and misshapen lines, and their numbers."""

from __future__ import annotations

import codecs

import pytest

from dagster_project.lib.ingest.errors import FileRefusedError
from dagster_project.lib.ingest.readers.blocks import (
    TextFacts,
    WrongEncodingError,
    less_damaged,
    lossy_blocks,
    strict_blocks,
)
from dagster_project.lib.ingest.readers.sniff import encodings_of, kind_of
from dagster_project.lib.ingest.readers.source import ByteSource
from dagster_project.lib.ingest.readers.table import RawTable
from dagster_project.lib.ingest.readers.text import read_text

KNOWN = {"a": "a", "b": "b"}
BLOCKS = (1 << 20, 64, 9, 3, 1)


def tables(text: str, block: int) -> list[RawTable]:
    """The tables of a text that comes in blocks of so many bytes."""
    data = text.encode()
    return list(read_text([data[at : at + block] for at in range(0, len(data), block)], KNOWN))


def cells(text: str) -> list[tuple[object, ...]]:
    """Rows with their line numbers in front, the same however the text is cut."""
    found = [
        [
            (line, *(cell or "" for cell in row))
            for table in tables(text, block)
            for line, row in zip(table.lines, table.frame.iter_rows(), strict=True)
        ]
        for block in BLOCKS
    ]
    assert all(rows == found[0] for rows in found)
    return found[0]


def bad(text: str) -> list[tuple[int, str]]:
    """Line and code of what is no row, the same however the text is cut."""
    found = [[(row.line, row.code) for table in tables(text, block) for row in table.bad] for block in BLOCKS]
    assert all(rows == found[0] for rows in found)
    return found[0]


def decode(data: bytes, declared: list[str], block: int = 1 << 20) -> tuple[str, list[str]]:
    """The text of some bytes and what is told of them."""
    source = ByteSource(data, block)
    for encoding in encodings_of(source, declared):
        facts = TextFacts()
        try:
            is_utf_16 = encoding == "utf-16"
            blocks = (lossy_blocks if is_utf_16 else strict_blocks)(source, encoding, facts)
            return b"".join(blocks).decode().removeprefix("\ufeff"), facts.notices(encoding)
        except WrongEncodingError:
            continue
    return b"".join(lossy_blocks(source, less_damaged(source), facts)).decode(), facts.notices("")


@pytest.mark.parametrize("delimiter", [",", "\t", ";", "|"])
@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_delimiters_and_line_ends(delimiter: str, end: str) -> None:
    assert cells(end.join(["a" + delimiter + "b", "1" + delimiter + "2", ""])) == [(2, "1", "2")]


def test_header_is_found_below_a_preamble() -> None:
    text = '报表,\n"导出时间,",x\n\n B\u200b,Ａ\n1,2\n'
    (table,) = tables(text, 1 << 20)
    assert table.headers == [" B\u200b", "Ａ"]
    assert table.lines.to_list() == [5]


def test_lines_are_counted_over_breaks_inside_cells_and_blank_lines() -> None:
    assert cells('a,b\n1,"x\ny"\n\n3,4\n1,2,3\n5,6\n') == [(2, "1", "x\ny"), (5, "3", "4"), (7, "5", "6")]
    assert bad('a,b\n1,"x\ny"\n\n3,4\n1,2,3\n5,6\n') == [(6, "cell_count")]


@pytest.mark.parametrize("tail", ["3", '"3', '3,"x', '3,"'])
def test_cut_last_line_is_lost_alone(tail: str) -> None:
    text = f"a,b\n1,2\n{tail}"
    assert cells(text) == [(2, "1", "2")]
    assert bad(text) == [(3, "cut_line")]


def test_unclosed_quote_costs_its_own_line_only() -> None:
    text = 'a,b\n1,"2\n3,4\n5,6\n'
    assert cells(text) == [(3, "3", "4"), (4, "5", "6")]
    assert bad(text) == [(2, "cut_line")]


def test_unclosed_quote_in_any_column_costs_its_own_line_only() -> None:
    text = 'a,b\n"1,2\n3,4\n5,6\n'
    assert cells(text) == [(3, "3", "4"), (4, "5", "6")]
    assert bad(text) == [(2, "cut_line")]


def test_rows_that_a_stray_quote_swallows_are_told() -> None:
    """The quote before 2 is closed by the one before 8: four lines, two cells, and two rows would be lost."""
    text = 'a,b\n0,0\n1,"2\n3,4\n5,6\n7,"8"\n9,"x\ny"\n'
    assert cells(text) == [(2, "0", "0"), (7, "9", "x\ny")]
    assert bad(text) == [(3, "cell_count")]


@pytest.mark.parametrize("text", ['a,b\n1,"x\n""y"""\n2,3\n', 'a,b\n"x\n""y""",1\n2,3\n'])
def test_quotes_beside_line_breaks_are_no_stray_ones(text: str) -> None:
    assert len(cells(text)) == 2
    assert bad(text) == []


def test_mixed_line_ends_are_counted_each_once() -> None:
    text = "a,b\n1,2\r\n3,4\r5,6\n\n7,8\r\n"
    assert cells(text) == [(2, "1", "2"), (3, "3", "4"), (4, "5", "6"), (6, "7", "8")]


def test_quote_inside_an_unquoted_cell_is_a_character() -> None:
    assert cells('a,b\n="35",x"y\n') == [(2, '="35"', 'x"y')]


def test_closed_quotes_at_the_end_are_no_cut() -> None:
    assert cells('a,b\n1,"2"') == [(2, "1", "2")]
    assert cells('a,b\n1,""') == [(2, "1", "")]
    assert bad('a,b\n1,"a""b"') == []


def test_trailing_delimiter_in_every_row_is_one_more_empty_column() -> None:
    assert cells("a,b\n1,2,\n3,4,\n") == [(2, "1", "2", ""), (3, "3", "4", "")]


def test_header_without_rows() -> None:
    assert cells("a,b\n") == []
    assert cells("a,b") == []


def test_no_known_name_is_told() -> None:
    with pytest.raises(FileRefusedError, match="known column name"):
        cells("x,y\n1,2\n")


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "gb18030"])
def test_encodings_are_tried_in_turn(encoding: str) -> None:
    text, notices = decode("订单编号,状态\n1,已发货\n".encode(encoding), ["gb18030"])
    assert text == "订单编号,状态\n1,已发货\n"
    assert notices == []


@pytest.mark.parametrize("encoding", ["utf-8", "gb18030"])
def test_file_cut_inside_a_character(encoding: str) -> None:
    text, notices = decode("编号,状态\n1,已发货\n2,已发".encode(encoding)[:-1], ["gb18030"])
    assert text.startswith("编号,状态\n1,已发货\n2,已")
    assert notices == ["the file ends inside a character"]


def test_nul_bytes_go_and_are_noted() -> None:
    assert decode(b"a,b\n1\0,2\n", []) == ("a,b\n1,2\n", ["1 NUL bytes were removed"])


def test_noise_is_no_text() -> None:
    with pytest.raises(FileRefusedError, match="neither"):
        decode(bytes(range(128, 256)) * 40, [])


@pytest.mark.parametrize(
    ("data", "kind"),
    [
        (b"PK\x03\x04rest", "xlsx"),
        (b"\xd0\xcf\x11\xe0rest", "xls"),
        (b"PAR1rest", "parquet"),
        (b"\n <TABLE><tr>", "html"),
        (codecs.BOM_UTF8 + b"<html>", "html"),
        (b' [{"a":1}]', "json"),
        (b"a,b\n", "text"),
    ],
)
def test_bytes_tell_the_kind(data: bytes, kind: str) -> None:
    assert kind_of(ByteSource(data)) == kind


@pytest.mark.parametrize("data", [b"", b"\n\n", b"\0\0", codecs.BOM_UTF8])
def test_nothing_is_refused(data: bytes) -> None:
    with pytest.raises(FileRefusedError, match="empty"):
        kind_of(ByteSource(data))
