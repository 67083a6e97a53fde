"""Compiled reading of large texts: what it takes comes out as csv_lines.py, rules/cells.py and Python's codec
would have it; what it does not take, it leaves. Who reads a large file must not get other rows."""

from __future__ import annotations

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from dagster_project.lib.ingest.compiled import gb18030
from dagster_project.lib.ingest.compiled.lines import regular_rows
from dagster_project.lib.ingest.readers.csv_lines import Rows, parse_lines
from dagster_project.lib.ingest.readers.text import read_text
from dagster_project.lib.ingest.rules.cells import all_null_words, canonical_cells, widths

WORDS = all_null_words(("无退款申请",))
_CELL = st.lists(
    st.sampled_from(
        [*"a1-/'=\" \t，。号,", '""', '="', "\u3000", "\u00a0", "\u200b", "\ufeff", "null", "杭州市",
         "无退款申请", "\ufffd", "\U0001f600", "abcdefgh", "—", "ä"]
    ),
    max_size=6,
).map("".join)  # fmt: skip
_LINES = st.lists(st.tuples(_CELL, _CELL, _CELL), min_size=1, max_size=9)


def _quoted(cell: str) -> str:
    return '"' + cell.replace('"', '""') + '"'


def _as_before(data: bytes, width: int, first: int = 1) -> tuple[Rows, pl.DataFrame]:
    rows = parse_lines(data, ",", width, first, True, WORDS)
    return rows, canonical_cells(rows.frame, widths(rows.frame), WORDS, rows.plain, rows.bare)


def _assert_same(data: bytes, width: int, first: int = 1) -> None:
    found = regular_rows(data, ",", width, first, WORDS)
    if found is None:
        return
    rows, cells = _as_before(data, width, first)
    assert not rows.bad and rows.rest is None
    assert found.cells is not None
    assert found.frame.equals(rows.frame)
    assert found.cells.equals(cells)
    assert found.lines.equals(rows.lines)
    assert (found.ends, found.damaged) == (rows.ends, rows.damaged)


@given(lines=_LINES, newline=st.sampled_from(["\n", "\r\n"]), ends=st.booleans(), first=st.integers(1, 9))
def test_quoted_lines_come_out_the_same(
    lines: list[tuple[str, ...]], newline: str, ends: bool, first: int
) -> None:
    """Every cell in quotes: regular whatever it holds, but for a row that is empty."""
    text = newline.join(",".join(map(_quoted, line)) for line in lines) + newline * ends
    assert (regular_rows(text.encode(), ",", 3, first, WORDS) is None) == any(not any(line) for line in lines)
    _assert_same(text.encode(), 3, first)


@given(
    text=st.lists(
        st.sampled_from([*'a,,,"\n\r -\ufeff', "\r\n", '""', "号", "null", "1234567890123"]), max_size=40
    )
)
def test_any_text_comes_out_the_same_or_not_at_all(text: list[str]) -> None:
    """Quotes, separators and line ends in any order."""
    _assert_same("".join(text).encode(), 3)


def test_a_mark_at_the_beginning_of_a_block_stays_in_its_cell() -> None:
    """Two exports joined have one in the middle of the file, wherever a block begins."""
    data = "\ufeffa,b,c\n".encode()
    found = regular_rows(data, ",", 3, 1, WORDS)
    assert found is not None
    assert (
        found.frame.rows()
        == parse_lines(data, ",", 3, 1, True, WORDS).frame.rows()
        == [("\ufeffa", "b", "c")]
    )
    _assert_same(data, 3)


@pytest.mark.parametrize(
    "text",
    ["", "\n", "a\nb\n", "a,b\n\nc,d\n", "a,b\n,\n", "a,b,c\nd,e\n", 'a,"b\n', 'a,"b"c\n', 'a,"b\nc"\n',
     "a,b\rc,d\n", "a,b\r\nc\r,d\n", f"a,{'x' * ((1 << 20) + 1)}\n"],
)  # fmt: skip
def test_what_is_not_regular_is_left(text: str) -> None:
    """Blank and uneven lines, open quotes, line breaks inside cells, lone carriage returns, huge cells."""
    assert regular_rows(text.encode(), ",", 2, 1, WORDS) is None


def test_a_text_is_read_the_same_by_either_code() -> None:
    """Blocks that are regular and others, one behind the other, with cells that a block's end cuts."""
    lines = [f'"{n}\t", 王{n} ,"=""{n:015d}""",-,{"备注" * (n % 9)}' for n in range(300)]
    lines[70], lines[200] = '1,2,"a\nb",4,5', "too,few"
    data = "\n".join(["订单编号,姓名,运单,空,备注", *lines]).encode()
    blocks = [data[at : at + 997] for at in range(0, len(data), 997)]
    before, after = (
        list(read_text(blocks, {"订单编号"}, WORDS, is_compiled=compiled)) for compiled in (False, True)
    )
    assert sum(table.cells is not None for table in after) > len(after) // 2
    for one, other in zip(before, after, strict=True):
        cells = canonical_cells(one.frame, widths(one.frame), WORDS, one.plain, one.bare)
        assert one.frame.equals(other.frame) and one.lines.equals(other.lines)
        assert other.cells is None or other.cells.equals(cells)
        assert (one.bad, one.damaged) == (other.bad, other.damaged)


def test_every_character_is_read_from_gb18030() -> None:
    """The whole of Unicode."""
    text = "".join(chr(code) for code in range(0x110000) if not 0xD800 <= code < 0xE000)
    assert gb18030.utf8(text.encode("gb18030")) == text.encode()


@given(
    st.lists(
        st.sampled_from(
            [b"a", b"1", b"\x30", b"\x81", b"\x90", b"\xfe", b"\x7f", b"\xff", b"\x80", b"\xe3\x32"]
        )
    )
)
def test_what_is_no_gb18030_is_left(parts: list[bytes]) -> None:
    """Null exactly where Python's codec refuses."""
    data = b"".join(parts)
    try:
        expected = data.decode("gb18030").encode()
    except UnicodeDecodeError:
        assert gb18030.utf8(data) is None
    else:
        assert gb18030.utf8(data) == expected
