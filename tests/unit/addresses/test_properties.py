"""What holds for any input: one row out per row in, never an exception, and no change by spaces or widths."""

from __future__ import annotations

import time
from itertools import pairwise

import polars as pl
from hypothesis import given, settings
from hypothesis import strategies as st

from identity.addresses import COLUMNS, fold, standardise

CHAINS = (
    "浙江省杭州市西湖区",
    "上海市浦东新区张江镇",
    "东莞市长安镇",
    "北京朝阳区",
    "朝阳区",
    "江苏省南京市姑楼区",
    "",
)
DOORS = ("文三路478号3幢2单元501室", "阳光小区5-2-301", "祖冲之路887弄72号402室", "A座1203", "")
WIDE = {n: n + 0xFEE0 for n in range(ord("!"), ord("~") + 1)}
ANY_TEXT = st.one_of(
    st.none(), st.text(max_size=40), st.text("浙江省杭州市朝阳区路号0123456789-*室 ", max_size=40)
)


@settings(max_examples=25, deadline=None)
@given(st.lists(st.tuples(ANY_TEXT, ANY_TEXT, ANY_TEXT), max_size=8))
def test_any_text_gives_one_row_with_all_columns(
    texts: list[tuple[str | None, str | None, str | None]],
) -> None:
    frame = pl.DataFrame(texts, schema=dict.fromkeys(("city", "town", "address"), pl.String), orient="row")
    found = standardise(frame)
    assert found.height == frame.height
    assert tuple(found.columns) == COLUMNS


@settings(max_examples=25, deadline=None)
@given(st.sampled_from(CHAINS), st.sampled_from(DOORS), st.data())
def test_spaces_and_widths_change_nothing(chain: str, door: str, data: st.DataObject) -> None:
    text = chain + door
    gaps = data.draw(st.lists(st.booleans(), min_size=len(text), max_size=len(text)))
    wide = data.draw(st.booleans())
    # A gap between two digits or letters may be a dash to a reader: none is put there.
    inside = [a.isascii() and b.isascii() for a, b in pairwise(f"{text}路")]
    pairs = zip(text, gaps, inside, strict=True)
    spaced = "".join(c + (" " if gap and not kept else "") for c, gap, kept in pairs)
    written = spaced.translate(WIDE) if wide else spaced
    found = standardise(pl.DataFrame({"address": [text, written]}))
    assert found.row(0) == found.row(1)


@settings(max_examples=10, deadline=None)
@given(st.lists(st.tuples(st.sampled_from(CHAINS), st.sampled_from(DOORS)), min_size=1, max_size=6))
def test_a_row_does_not_depend_on_its_neighbours(parts: list[tuple[str, str]]) -> None:
    texts = [chain + door for chain, door in parts]
    together = standardise(pl.DataFrame({"address": texts}))
    alone = [standardise(pl.DataFrame({"address": [text]})).row(0) for text in texts]
    assert together.rows() == alone


def test_no_rows_and_no_columns() -> None:
    assert tuple(standardise(pl.DataFrame({"address": []}, schema={"address": pl.String})).columns) == COLUMNS
    assert standardise(pl.DataFrame({"other": ["x"]})).row(0, named=True)["match_method"] == "none"


def test_hostile_texts_take_time_in_proportion_to_their_length() -> None:
    """Ten times the text may take forty times as long on a busy machine; by its square it would be
    a hundred."""
    for piece in ("浙江省杭州市西湖区", "1-", "朝阳区", "12号", "三单元", "收货人 张三 13912345678 "):
        seconds = []
        for length in (1_000, 10_000):
            frame = pl.DataFrame({"address": [(piece * length)[:length]] * (200_000 // length)})
            standardise(frame)
            begun = time.process_time()
            standardise(frame)
            seconds.append((time.process_time() - begun) / frame.height)
        assert seconds[1] < 40 * seconds[0], piece


def test_characters_that_fold_to_more_than_their_bytes_stay_within_their_text() -> None:
    """㍿ is three bytes and four characters: many such texts once wrote beyond the room for all of them."""
    given_texts = ["㍿㍿㍿"] * 4_000 + ["浙江省杭州市西湖区㍿", "①２㎞"]
    texts = fold.folded(pl.DataFrame({"address": given_texts}))
    assert texts.used <= texts.points.size
    assert texts.to_series()[-3:].to_list() == ["株式会社" * 3, "浙江省杭州市西湖区株式会社", "12KM"]
