"""How a row writes its divisions: spellings of the reference, where they stand, and nothing else."""

from __future__ import annotations

import polars as pl
import pytest

from identity.addresses import standardise
from identity.addresses.written import COLUMNS


def spelt(**parts: str | None) -> tuple[str | None, ...]:
    row = {name: [parts.get(name)] for name in ("province", "city", "district", "address")}
    frame = pl.DataFrame(row, schema=dict.fromkeys(row, pl.String))
    return standardise(frame, with_written=True).select(COLUMNS).row(0)


@pytest.mark.parametrize(
    ("address", "expected"),
    [
        ("浙江省杭州市西湖区文三路1号", ("浙江省", "杭州市", "西湖区")),
        ("浙江杭州西湖文三路1号", ("浙江", "杭州", "西湖")),
        ("杭州市西湖区文三路1号", (None, "杭州市", "西湖区")),
        ("上海市闸北区大统路1号", ("上海市", None, "闸北区")),
        ("内蒙呼和浩特市新城区中山路1号", ("内蒙", "呼和浩特市", "新城区")),
        ("王小明 13912345678", (None, None, None)),
        ("", (None, None, None)),
    ],
)
def test_spellings_of_one_text(address: str, expected: tuple[str | None, ...]) -> None:
    assert spelt(address=address) == expected


def test_the_columns_come_before_the_text() -> None:
    found = spelt(province="浙江", city="杭州市", district="西湖", address="浙江省杭州市西湖区文三路1号")
    assert found == ("浙江", "杭州市", "西湖")


def test_a_road_is_no_spelling_of_a_district() -> None:
    assert spelt(address="浙江省杭州市西湖大道1号")[2] is None


def test_without_being_asked_the_columns_are_as_ever() -> None:
    frame = pl.DataFrame({"address": ["杭州市西湖区文三路1号"]})
    assert set(COLUMNS) & set(standardise(frame).columns) == set()
    assert standardise(frame, with_written=True).drop(COLUMNS).equals(standardise(frame))
