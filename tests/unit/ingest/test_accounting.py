"""Whatever stands in a file: rows read = accepted + refused + totals, and every accepted row has its keys."""

from __future__ import annotations

from hypothesis import HealthCheck, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st
from support.ingest_files import DOUYIN, batch, csv_bytes

CELL = st.one_of(
    st.sampled_from(
        ["", "-", "1", "-1", "合计", "2026-01-02 10:00:00", "x,y", 'a"b', "a\nb", "6.9E+18", "\t"]
    ),
    st.text(max_size=6),
)
COLUMNS = (
    "主订单编号",
    "子订单编号",
    "商品数量",
    "商品单价",
    "订单提交时间",
    "订单状态",
    "收件人手机号",
    "买家留言",
)
ROW = st.fixed_dictionaries({}, optional=dict.fromkeys(COLUMNS, CELL))
QUICK = hypothesis_settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])


@QUICK
@given(st.lists(ROW, max_size=8), st.integers(0, 40), st.sampled_from(["utf-8-sig", "gb18030"]))
def test_no_row_is_lost_or_counted_twice(changes: list[dict[str, str]], cut: int, encoding: str) -> None:
    records = [DOUYIN | {"买家留言": ""}, *(DOUYIN | {"买家留言": ""} | change for change in changes)]
    clean = [
        {key: value.encode(encoding, "ignore").decode(encoding) for key, value in row.items()}
        for row in records
    ]
    data = csv_bytes(clean, encoding)
    made = batch(data[: len(data) - cut])
    assert made.rows_read == made.rows_accepted + made.rows_refused + made.rows_totals
    if made.lake is not None:
        assert made.lake.height == made.rows_accepted
        assert made.lake["channel_order_id"].null_count() == 0
    listed = 0 if made.quarantine is None else made.quarantine.height
    assert listed == (1 if made.refusal else made.rows_refused)


@QUICK
@given(st.binary(max_size=400))
def test_no_bytes_make_it_fail(data: bytes) -> None:
    made = batch(data)
    assert made.rows_read == made.rows_accepted + made.rows_refused + made.rows_totals


@QUICK
@given(st.text(max_size=200))
def test_no_text_below_a_header_makes_it_fail(text: str) -> None:
    made = batch(("主订单编号,子订单编号,订单状态,订单提交时间\n" + text).encode("utf-8", "surrogatepass"))
    assert made.rows_read == made.rows_accepted + made.rows_refused + made.rows_totals
