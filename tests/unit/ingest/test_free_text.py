"""Personal values in free text are found by content; what is none stays."""

from __future__ import annotations

import polars as pl
import pytest

from dagster_project.lib.ingest.personal.free_text import mask_free_text
from dagster_project.lib.ingest.personal.masks import mask, normalise


@pytest.mark.parametrize(
    ("text", "hidden"),
    [
        ("请打13800138000", ["13800138000", "0013"]),
        ("+86 138-0013-8000,139 0013 8001", ["0013"]),
        ("转接13800138000-1234", ["0013", "1234"]),
        ("13800138000转8888", ["0013", "8888"]),
        ("王小明13912345678 尽快", ["小明", "1234"]),
        ("派件员 张三丰 电话:13800138000", ["三丰"]),
        ("13800138000 欧阳修", ["阳修"]),
        ("签收人：王小明", ["小明"]),
        ("138****8000收件人李四", ["四"]),
        ("发a.b_c@qq.com", ["a.b_c"]),
        ("改到浙江省杭州市西湖区文三路478号华星大厦3楼", ["文三路", "478"]),
        ("放5号楼2单元301室", ["2单元", "301"]),
        ("座机0571-87654321", ["87654321"]),
        ('{"a":"13800138000","b":"13900139000"}', ["0013"]),
    ],
)
def test_personal_values_are_masked(text: str, hidden: list[str]) -> None:
    masked = mask_free_text(pl.Series([text, None, "ok"])).to_list()
    assert not [value for value in hidden if value in masked[0]], masked[0]
    assert masked[1:] == [None, "ok"]


@pytest.mark.parametrize(
    "text",
    [
        "6917930000000000123",
        "订单拆分为 123456789 987654321",
        "【杭州市】快件已到达 文一路营业部",
        "路由器3号",
        "尽快发货，谢谢",
        "2026-01-02 10:00:00",
    ],
)
def test_other_text_stays(text: str) -> None:
    assert mask_free_text(pl.Series([text])).to_list() == [text]


def test_the_given_series_is_not_changed() -> None:
    given = pl.Series(["电话13800138000"])
    assert mask_free_text(given).to_list() == ["电话138****8000"]
    assert given.to_list() == ["电话13800138000"]


@pytest.mark.parametrize(
    ("kind", "value", "shown"),
    [
        ("phone", "13812341234", "138****1234"),
        ("phone", "138****1234", "138****1234"),
        ("phone", "1******6198", "1******6198"),
        ("phone", "13812341234-5678", "138****1234-***"),
        ("phone", "$$abc$$", "***"),
        ("phone", "0571-87654321", "***"),
        ("name", "王小明", "王*"),
        ("name", "##x##", "***"),
        ("account", "tb123", "t***"),
        ("email", "ab@qq.com", "a***@qq.com"),
        ("birthday", "1990-01-02", "1990-**-**"),
    ],
)
def test_masks(kind: str, value: str, shown: str) -> None:
    frame = pl.DataFrame({"v": [value, None]})
    assert frame.select(mask(kind, pl.col("v"))).to_series().to_list() == [shown, None]


@pytest.mark.parametrize("phone", ["13812341234", "+86 13812341234", "86-13812341234", "138 1234 1234"])
def test_phone_is_one_value_however_written(phone: str) -> None:
    frame = pl.DataFrame({"v": [phone]})
    assert frame.select(normalise("phone", pl.col("v"))).item() == "13812341234"


def test_an_order_id_that_looks_like_a_phone_stays_a_key() -> None:
    """A merge event names its orders: masked ids would lose it. A phone beside them is masked still."""
    payload = (
        '{"action":"merge","orders":[{"channel":"app","channel_order_id":"13812345678"},'
        '{"channel":"jd","channel_order_id": "JD15012345678"}],"note":"13912345678"}'
    )
    (masked,) = mask_free_text(pl.Series([payload])).to_list()
    assert '"13812345678"' in masked
    assert '"JD15012345678"' in masked
    assert "139****5678" in masked
