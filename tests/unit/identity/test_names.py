"""Rule: titles, spaces and remarks are no part of a name; a mask shows what it shows; parcel points are
nobody."""

from __future__ import annotations

import polars as pl
import pytest

from identity.names import name_forms


@pytest.mark.parametrize(
    ("written", "kind", "name", "surname", "pinyin"),
    [
        ("张伟", "full", "张伟", "张", "zhangwei"),
        (" 章 伟（收）", "full", "章伟", "章", "zhangwei"),
        ("张伟先生", "full", "张伟", "张", "zhangwei"),
        ("欧阳修文", "full", "欧阳修文", "欧阳", "ouyangxiuwen"),
        ("王先生", "surname", None, "王", None),
        ("小陈", "surname", None, "陈", None),
        ("老欧阳", "surname", None, "欧阳", None),
        ("小陈红", "full", "小陈红", "小", "xiaochenhong"),
        ("王*", "masked", None, "王", None),
        ("小**", None, None, None, None),
        ("*丰", "masked", None, None, None),
        ("Tom  Smith", "full", "tom smith", None, "tom smith"),
        ("菜鸟驿站", None, "菜鸟驿站", "菜", None),
        (None, None, None, None, None),
    ],
)
def test_forms_of_a_name(
    written: str | None, kind: str | None, name: str | None, surname: str | None, pinyin: str | None
) -> None:
    row = name_forms(pl.Series([written], dtype=pl.String)).row(0, named=True)
    assert row["name_kind"] == kind
    if kind is not None:
        assert (row["name"], row["surname"], row["pinyin"]) == (name, surname, pinyin)
    else:
        assert row["name"] is None and row["mask_head"] is None


def test_a_mask_shows_its_head_and_tail() -> None:
    forms = name_forms(pl.Series(["张*丰", "王**", "*伟", "李女士"]))
    assert forms.select("mask_head", "mask_tail").rows() == [("张", "丰"), ("王", ""), ("", "伟"), ("李", "")]
