"""A file that is read in chunks comes out as if it had been read at once, wherever the chunks are cut."""

from __future__ import annotations

import io
import json
from dataclasses import replace
from datetime import datetime

import polars as pl
import pytest
import xlsxwriter
from hypothesis import HealthCheck, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st
from support.batch_facts import facts
from support.channel_exports import Export, exports
from support.ingest_files import AT, DOUYIN, EVENT, KEY, contract, csv_bytes

from dagster_project.lib.ingest.batch import Batch, Origin, build_batch
from dagster_project.lib.ingest.compiled import plainly
from dagster_project.lib.ingest.contracts.contract import Contract
from dagster_project.lib.ingest.readers.sheet_parts import is_large
from dagster_project.lib.ingest.readers.source import ByteSource

QUICK = hypothesis_settings(max_examples=12, deadline=None, suppress_health_check=list(HealthCheck))
CELL = st.sampled_from(
    ["", "-", "1", "2", "-1", "x,y", 'a"b', '"', "a\nb", "\r", "等星星", "电话13800138000"]
)
ROW = st.fixed_dictionaries(
    {},
    optional={
        "主订单编号": st.sampled_from(["", "6917930000000000123", "6917930000000000999", "合计", "6.9E+18"]),
        "商品数量": CELL,
        "订单状态": CELL,
        "买家留言": CELL,
        "流量来源": CELL,
        "收件人手机号": st.sampled_from(["13912345678", "13800138000", ""]),
    },
)


def built(data: bytes, of: Contract, block: int, *, is_compiled: bool = False) -> Batch:
    """The batch of a file that is read in blocks of so many bytes, by compiled code as a large one is or
    not."""
    origin = Origin(of, "b" * 16, "x/x.csv", AT, "x.csv")
    if is_compiled:
        return build_batch(ByteSource(data, block, compiled_from=0), origin, KEY)
    with plainly():
        return build_batch(ByteSource(data, block), origin, KEY)


def same(data: bytes, of: Contract, blocks: tuple[int, ...]) -> Batch:
    """Asserts that the file comes out the same in blocks of these sizes, by plain code and by compiled code;
    the batch."""
    whole = built(data, of, len(data) + 1)
    expected = facts(whole)
    for block in blocks:
        assert facts(built(data, of, block)) == expected, f"blocks of {block} bytes"
        assert facts(built(data, of, block, is_compiled=True)) == expected, (
            f"compiled, blocks of {block} bytes"
        )
    return whole


@QUICK
@given(
    st.lists(ROW, max_size=9),
    st.sampled_from(["utf-8-sig", "gb18030", "utf-16"]),
    st.integers(0, 30),
    st.booleans(),
)
def test_text_is_cut_anywhere(
    changes: list[dict[str, str]], encoding: str, cut: int, is_broken: bool
) -> None:
    records = [DOUYIN | {"买家留言": ""}, *(DOUYIN | {"买家留言": ""} | change for change in changes)]
    data = csv_bytes(records, encoding)
    data = data.replace('"'.encode(encoding), b"", 1) if is_broken and encoding != "utf-16" else data
    same(data[: len(data) - cut], contract("douyin_orders"), (700, 41))


def test_a_line_of_blanks_counts_the_same_wherever_it_stands() -> None:
    """In a block of its own, too."""
    header, row = csv_bytes([DOUYIN]).decode("utf-8-sig").splitlines()
    data = "\n".join([header, "  ", row, *["   "] * 30, row]).encode()
    batch = same(data, contract("douyin_orders"), (41, 13))
    assert batch.rows_read == 33


@pytest.mark.parametrize("damage", [b"\xff\xfe\xff", b"\0", b"\x81"])
def test_bytes_that_are_no_text(damage: bytes) -> None:
    rows = [DOUYIN | {"选购商品": "BAD" if n == 20 else "好"} for n in range(40)]
    for encoding in ("utf-8", "gb18030"):
        data = csv_bytes(rows, encoding).replace(b"BAD", damage)
        same(data, contract("douyin_orders"), (1000, 64))


def test_encoding_is_that_of_the_whole_file() -> None:
    """Thousands of lines of ASCII alone say nothing about the bytes after them."""
    plain = dict.fromkeys(DOUYIN, "1") | {"订单提交时间": "2026-01-02 10:00:00"}
    header, *lines = csv_bytes([plain] * 20 + [plain | {"选购商品": "咖啡"}], "gb18030").splitlines(True)
    batch = same(header + b"".join(lines), contract("douyin_orders"), (800, 50))
    assert batch.lake is not None
    assert batch.lake["product_name"].to_list()[-1] == "咖啡"


def test_ordinals_totals_and_unknown_words_go_over_chunks() -> None:
    total = dict.fromkeys(DOUYIN, "") | {"主订单编号": "合计", "商品数量": "9"}
    data = csv_bytes([DOUYIN | {"订单状态": "等星星"}] * 30 + [total])
    batch = same(data, contract("douyin_orders"), (900, 100))
    assert batch.rows_totals == 1
    assert any("等星星 (30)" in notice for notice in batch.notices)
    assert any("says 9 for quantity" in notice for notice in batch.notices)
    of = contract("douyin_orders")
    rule = {
        "channel_line_id": {"prefix": "channel_order_id", "separator": "-", "within": ["channel_order_id"]}
    }
    body = {**of.body, "ordinals": rule, "required": ["channel_order_id"], "key": []}
    headers = {column: names for column, names in of.headers.items() if column != "channel_line_id"}
    lineless = replace(of, body=body, headers=headers)
    batch = same(csv_bytes([DOUYIN] * 25), lineless, (900, 100))
    assert batch.lake is not None
    assert batch.lake["channel_line_id"].to_list()[-1] == "6917930000000000123-25"


def test_refused_files_count_all_their_rows() -> None:
    lacking = {key: value for key, value in DOUYIN.items() if key != "子订单编号"}
    batch = same(csv_bytes([lacking] * 30), contract("douyin_orders"), (900, 100))
    assert batch.rows_read == batch.rows_refused == 30
    header, *rows = csv_bytes([DOUYIN] * 30).decode("utf-8-sig").splitlines()
    twins = [f"{header},订单状态", *(f"{row},已发货" for row in rows[:-1]), f"{rows[-1]},已完成"]
    batch = same("\n".join(twins).encode(), contract("douyin_orders"), (900, 100))
    assert batch.refusal is not None
    assert (batch.refusal.code, batch.rows_read) == ("duplicate_header", 30)


@QUICK
@given(
    st.lists(st.sampled_from(["row", "bad", "blank", "new key", "list", "indented"]), max_size=12),
    st.integers(0, 20),
)
def test_json_lines_are_cut_anywhere(kinds: list[str], cut: int) -> None:
    lines = {
        "row": json.dumps(EVENT),
        "bad": '{"event_id": 1,',
        "blank": " ",
        "new key": json.dumps(EVENT | {"wave": {"n": [1, "x"]}, "payload": "电话13800138000"}),
        "list": "[1]",
        "indented": json.dumps(EVENT, indent=1),
    }
    data = "\n".join([lines["row"], *(lines[kind] for kind in kinds)]).encode()
    same(data[: len(data) - cut], contract("luyue_order_events"), (300, 40))


@QUICK
@given(
    st.lists(
        st.sampled_from(["row", "row", "new key", "1", '"a,]}"', "null", "[1]", "{}"]),
        min_size=9,
        max_size=30,
    ),
    st.sampled_from(["", "cut", " x", ",]", "bad item", "open text", "no comma", "raw break"]),
    st.sampled_from([None, 1]),
)
def test_json_lists_are_cut_anywhere(kinds: list[str], damage: str, indent: int | None) -> None:
    """A list that is too large to be held: the same rows, or refused for the same reason as one that is
    not."""
    record = EVENT | {"payload": '电话13800138000 \\" ] } , \t', "wave": {"n": [1, {"x": []}]}}
    texts = {"row": json.dumps(EVENT, indent=indent), "new key": json.dumps(record, indent=indent)}
    items = [texts["row"], *(texts.get(kind, kind) for kind in kinds)]
    items += {"bad item": ['{"event_id":}'], "open text": ['{"event_id":"x}'], "raw break": ['"a\nb"']}.get(
        damage, []
    )
    text = f" [{(' ' if damage == 'no comma' else ' , ').join(items)}] "
    text = (
        text[:-9]
        if damage == "cut"
        else f"{text.rstrip()[:-1]},]"
        if damage == ",]"
        else text + damage * (damage == " x")
    )
    whole = built(text.encode(), contract("luyue_order_events"), len(text.encode()))
    for block in (37, 13):
        batch = built(text.encode(), contract("luyue_order_events"), block)
        if whole.refusal is not None:
            assert batch.refusal is not None
            assert (batch.refusal.code, batch.refusal.reason[:14]) == (
                whole.refusal.code,
                whole.refusal.reason[:14],
            )
        else:
            assert facts(batch) == facts(whole)


def test_nul_characters_of_json_are_removed() -> None:
    """As NUL bytes of a text are: an id with one would equal no other."""
    for end in ("", ","):
        data = (json.dumps(EVENT | {"channel_order_id": "A\x001"}) + "\n") * 9
        data = f"[{','.join(data.splitlines())}]" if end else data
        batch = same(data.encode(), contract("luyue_order_events"), (300, 40))
        assert batch.lake is not None
        assert set(batch.lake["channel_order_id"]) == {"A1"}
        assert "NUL characters were removed" in batch.notices


def test_a_damaged_list_is_not_quoted_to_people() -> None:
    """The first characters of a document may be a name."""
    for block in (1000, 8):
        batch = built('[{"name": "王小明", "x": '.encode() * 9, contract("luyue_order_events"), block)
        assert batch.refusal is not None
        assert "not whole JSON" in batch.refusal.reason
        assert "王" not in batch.refusal.reason and "name" not in batch.refusal.reason


def test_tracks_inside_objects() -> None:
    nodes = [{"time": f"2026-01-0{n} 10:00:00", "context": f"到达{n}"} for n in range(1, 5)]
    tracks = [{"nu": f"SF{i}", "com": "shunfeng", "state": "3", "data": nodes[: i % 4]} for i in range(20)]
    data = "\n".join(json.dumps(track, ensure_ascii=False) for track in tracks).encode()
    same(data, contract("kuaidi100_tracks"), (400, 90))


def test_parquet_by_row_groups() -> None:
    out = io.BytesIO()
    pl.DataFrame([EVENT | {"event_id": f"e{n}", "wave": n} for n in range(50)]).write_parquet(
        out, row_group_size=7
    )
    batch = same(out.getvalue(), contract("luyue_order_events"), (256 * 9, 256 * 100))
    assert batch.lake is not None
    assert batch.lake["source_line"].to_list() == list(range(1, 51))


def _workbook(cells: list[list[object]], first_row: int, has_shared_texts: bool) -> bytes:
    """A workbook whose second sheet has the cells from some row on; null cells are not written."""
    out = io.BytesIO()
    options = {
        "in_memory": True,
        "constant_memory": not has_shared_texts,
        "default_date_format": "yyyy-mm-dd hh:mm:ss",
    }
    with xlsxwriter.Workbook(out, options) as book:
        book.add_worksheet("说明").write(0, 0, "订单导出")
        sheet = book.add_worksheet("订单")
        for number, row in enumerate(cells):
            for column, cell in enumerate(row):
                if cell is not None:
                    sheet.write(first_row + number, column, cell)
    return out.getvalue()


_SHEET_CELL = st.sampled_from(
    [None, "x", "6917930000000000123", 12, 1.5, True, datetime(2026, 1, 2, 8), "=1+1", "a<b&"]
)


@QUICK
@given(
    st.lists(st.lists(_SHEET_CELL, max_size=len(DOUYIN) + 2), max_size=12), st.integers(0, 4), st.booleans()
)
def test_a_large_sheet_is_read_in_parts(
    cells: list[list[object]], first_row: int, has_shared_texts: bool
) -> None:
    """Gaps between rows, cells that are not there, numbers, times, formulas, more columns than the header."""
    row: list[object] = [12 if value.isdigit() else value for value in DOUYIN.values()]
    data = _workbook([[*DOUYIN], row, *cells, [], row], first_row, has_shared_texts)
    batch = same(data, contract("douyin_orders"), (300, 60))
    assert batch.rows_read >= 2
    assert any("the other 1 were not" in notice for notice in batch.notices)


@pytest.mark.parametrize("export", [e for e in exports() if e.path.suffix == ".xlsx"], ids=lambda e: e.file)
def test_workbooks_of_the_platforms_are_read_in_parts(export: Export) -> None:
    same(export.path.read_bytes(), contract(export.source), (2000, 400))


def test_a_large_workbook_that_is_cut_off_is_refused() -> None:
    data = _workbook([[*DOUYIN], *[[*DOUYIN.values()]] * 90], 0, True)
    assert is_large(data, 8 * 200)
    for end in (len(data) // 2, len(data) - 30):
        batch = built(data[:end], contract("douyin_orders"), 200)
        assert batch.refusal is not None
        assert batch.refusal.code == "unreadable"
