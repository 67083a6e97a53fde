"""What compiled code does to whole columns comes out as plain code has it: distinct texts, times, amounts,
JSON, tokens; and what it clears of personal values holds none. A large file must not come out differently."""

from __future__ import annotations

import json

import polars as pl
import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from support.ingest_files import KEY

from dagster_project.lib.ingest import by_value as by_value_module
from dagster_project.lib.ingest.by_value import by_value
from dagster_project.lib.ingest.compiled import is_loaded, plainly
from dagster_project.lib.ingest.compiled.hashing import hex_digests
from dagster_project.lib.ingest.compiled.kinds import counted, suspicious
from dagster_project.lib.ingest.compiled.objects import joined, objects
from dagster_project.lib.ingest.compiled.phones import masked_phones
from dagster_project.lib.ingest.compiled.reading import amounts, times
from dagster_project.lib.ingest.personal import masks
from dagster_project.lib.ingest.personal.extras import build_extras
from dagster_project.lib.ingest.personal.free_text import CANDIDATE, PHONE, PHONE_DIGITS
from dagster_project.lib.ingest.personal.private import split_private
from dagster_project.lib.ingest.personal.suspects import digit_weights, may_be_private
from dagster_project.lib.ingest.rules.typing_rules import type_columns
from identity import vault

_PART = st.sampled_from(
    ["", "a", "abcdefgh", "abcdefghijkl", "abcdefghijklm", "王", "浙江省杭州市西湖区文三路1号", "\x00",
    "\x1f", "\n", '"', "\\", "13800138000", "138-0013-8000", "138 0013 8000", "0571-88888888", "138****8000",
    "x@y.cn", "3号楼", "收件人", "１３８００１３８０００", "2026-03-09 08:00:00", "\U0001f600", "x" * 70]
)  # fmt: skip
_TEXT = st.one_of(st.none(), st.lists(_PART, max_size=4).map("".join))
_TIME = st.one_of(
    st.datetimes().map(lambda at: f"{at:%Y-%m-%d %H:%M:%S}".zfill(19)),
    st.from_regex(r"\A[0-2]\d{3}-[01]\d-[0-3]\d [0-2]\d:[0-6]\d:[0-6]\d\Z"),
    st.sampled_from(
        ["2024-02-29 00:00:00", "2026/03/09 08:00:00", "2026-03-09T08:00:00", "2026-03-09 08:00:0a"]
    ),
)
_AMOUNT = st.one_of(
    st.from_regex(r"\A-?\d{0,13}(\.\d{0,3})?\Z"),
    st.sampled_from(["-0.00", "1e3", "+5", "¥1", "1,299.90", "", "-", ".", "１"]),
)

_PHONE_CELL = st.one_of(
    st.from_regex(r"1[0-9]{2}([0-9]{4}|\*{4})[0-9]{4}(-[0-9]{4})?", fullmatch=True),
    st.text("0123456789-+ *$", max_size=12),
    st.sampled_from(
        [
            "1380013800\x00",
            "+8613800138000",
            "138****8000",
            "$$13800138",
            "１3800138000",
            "2380013800a",
            "13800",
        ]
    ),
)


def _column(cells: list[str | None], cut: int) -> pl.Series:
    """The cells as a column that begins inside a longer one, as filters and slices leave it."""
    return pl.Series("c", [*(["before"] * cut), *cells], dtype=pl.String)[cut:]


@given(st.lists(_TEXT, max_size=20), st.integers(0, 9))
def test_distinct_texts_are_those_of_plain_code(cells: list[str | None], cut: int) -> None:
    """Each once, in the order of their first rows, and every row gets its own back; nulls stay null."""
    column = _column(cells, cut)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(by_value_module, "_WORTH_TELLING_APART", 0)
        assert is_loaded()
        found = by_value(column)
        with plainly():
            plain = by_value(column)
    assert found.values.to_list() == list(dict.fromkeys(cell for cell in cells if cell is not None))
    for each in (found, plain):
        assert each.spread(each.values).to_list() == cells
        assert each.first(column.to_frame())["c"].to_list() == each.values.to_list()


@given(st.lists(st.one_of(st.none(), _TIME), min_size=1, max_size=6), st.integers(0, 9))
@example(["1900-02-29 00:00:00"], 0)
@example(["2000-02-29 23:59:59", None], 3)
def test_times_are_read_as_by_plain_code(cells: list[str | None], cut: int) -> None:
    """Whatever is in the column, typed and unreadable cells are the same."""
    frame = _column(cells, cut).to_frame()
    typed, unread = type_columns(frame, {"c": "ts"})
    with plainly():
        plain, missed = type_columns(frame, {"c": "ts"})
    assert typed.equals(plain) and typed.schema == plain.schema
    assert {name: (flags.to_list(), code) for name, (flags, code) in unread.items()} == {
        name: (flags.to_list(), code) for name, (flags, code) in missed.items()
    }


@given(st.datetimes().map(lambda at: at.replace(microsecond=0)))
def test_usual_times_are_read_by_compiled_code(at: object) -> None:
    """Any second from year 1 to 9999."""
    typed = times(pl.Series([str(at), None]))
    assert typed is not None
    assert typed.to_list() == [at, None]


@given(st.lists(st.one_of(st.none(), _AMOUNT), min_size=1, max_size=6), st.sampled_from(["money", "qty"]))
def test_amounts_are_read_as_by_plain_code(cells: list[str | None], kind: str) -> None:
    frame = _column(cells, 1).to_frame()
    typed, unread = type_columns(frame, {"c": kind})
    with plainly():
        plain, missed = type_columns(frame, {"c": kind})
    assert typed.equals(plain) and typed.schema == plain.schema
    assert unread.keys() == missed.keys()


def test_usual_amounts_are_read_by_compiled_code() -> None:
    """Cents, signs and whole numbers; one digit more than the scale is plain code's."""
    typed = amounts(pl.Series(["-1299.90", "0", "7.5", None, "123456789012"]), 2)
    assert typed is not None
    assert typed.cast(pl.String).to_list() == ["-1299.90", "0.00", "7.50", None, "123456789012.00"]
    assert amounts(pl.Series(["1.005"]), 2) is None


@given(st.lists(st.tuples(_TEXT, _TEXT, _TEXT), max_size=8), st.integers(0, 9))
def test_objects_and_extras_are_those_of_plain_code(rows: list[tuple[str | None, ...]], cut: int) -> None:
    """The JSON, its masks and what goes to the vault; every object can be read back."""
    names = ["支付方式", 'a"b\n', "联系人电话"]
    frame = pl.DataFrame(
        [*(("x", "y", "z"),) * cut, *rows], schema=dict.fromkeys(names, pl.String), orient="row"
    )
    frame = frame[cut:]
    text = objects(frame)
    assert text is not None
    filled = [{k: v for k, v in zip(names, row, strict=True) if v is not None} for row in rows]
    assert [json.loads(each) if each else {} for each in text] == filled
    extras, whole = build_extras(frame, {}, KEY)
    with plainly():
        plain, plain_whole = build_extras(frame, {}, KEY)
    assert (extras is None) == (plain is None)
    assert extras is None or plain is None or extras.to_list() == plain.to_list()
    assert (whole is None) == (plain_whole is None)
    assert whole is None or plain_whole is None or whole.equals(plain_whole)


@given(st.lists(st.tuples(_TEXT, _TEXT), max_size=8))
def test_joined_cells_are_the_vault_s_address_values(rows: list[tuple[str | None, ...]]) -> None:
    frame = pl.DataFrame(rows, schema={"a": pl.String, "b": pl.String}, orient="row")
    made = joined(frame, vault.SEPARATOR)
    assert made is not None
    assert made.to_list() == vault.address_values(frame, ["a", "b"]).to_list()


@given(st.lists(_TEXT, max_size=40), st.sampled_from(vault.KINDS))
def test_tokens_are_the_vault_s(cells: list[str | None], kind: str) -> None:
    """Of any length: padded messages of one block and of several, sixteen at a time or fewer."""
    column = _column(cells, 2)
    form = vault.token_form(kind, KEY)
    assert hex_digests(column, KEY.token, *form).to_list() == vault.tokens(column, kind, KEY).to_list()


def test_tokens_of_every_length() -> None:
    """Around the ends of SHA-256's blocks."""
    column = pl.Series(["王" * (n % 7) + "x" * n for n in range(200)])
    form = vault.token_form("text", KEY)
    assert hex_digests(column, KEY.token, *form).to_list() == vault.tokens(column, "text", KEY).to_list()


@given(st.lists(_TEXT, min_size=1, max_size=8))
def test_what_is_cleared_holds_no_personal_value(cells: list[str | None]) -> None:
    """A cell that compiled code does not suspect matches no pattern; one without digits enough is no
    phone."""
    column = _column(cells, 3)
    suspect, digits = suspicious(column), counted(column, digit_weights(), PHONE_DIGITS)
    matches = column.str.contains(CANDIDATE).fill_null(False).to_list()
    phones = column.str.contains(PHONE).fill_null(False).to_list()
    assert all(told for told, match in zip(suspect, matches, strict=True) if match)
    assert all(count >= PHONE_DIGITS for count, phone in zip(digits, phones, strict=True) if phone)
    rows = column.to_frame("备注")
    text = objects(rows)
    assert text is not None
    may_be = may_be_private(rows)
    assert may_be.filter(text.str.contains(CANDIDATE).fill_null(False)).all()


@given(st.lists(st.tuples(_TEXT, _TEXT, _TEXT), min_size=1, max_size=8))
def test_private_columns_are_split_as_by_plain_code(rows: list[tuple[str | None, ...]]) -> None:
    """Tokens, masks, free text and what goes to the vault, of every kind of personal value. No cell is empty:
    reading has made null of those."""
    from dagster_project.lib.feeds import load_feeds

    names = [
        "receiver_phone",
        "receiver_name",
        "receiver_address",
        "receiver_city",
        "buyer_message",
        "carrier",
    ]
    told = [tuple(cell or None for cell in row) * 2 for row in rows]
    frame = pl.DataFrame(told, schema=dict.fromkeys(names, pl.String), orient="row")
    feed = load_feeds()["orders"]
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(by_value_module, "_WORTH_TELLING_APART", 0)
        found, to_vault = split_private(frame, feed, KEY)
        with plainly():
            plain, plain_vault = split_private(frame, feed, KEY)
    assert found.equals(plain.select(found.columns)) and found.width == plain.width
    assert set(pl.concat(to_vault).rows()) == set(pl.concat(plain_vault).rows())


@given(st.lists(st.one_of(st.none(), _PHONE_CELL, _TEXT), max_size=20), st.integers(0, 9))
def test_phones_are_masked_as_plain_code_does(cells: list[str | None], cut: int) -> None:
    """What compiled code masks is its own value and has the plain mask; the rest is told, nulls are not."""
    column = _column(cells, cut)
    shown, others = masked_phones(column)
    plain = column.to_frame("c").select(
        value=masks.normalised("phone", "c"), mask=masks.masked("phone", "c"), cell="c"
    )
    is_usual = column.is_not_null() & ~others
    assert shown.is_not_null().to_list() == is_usual.to_list()
    usual = plain.filter(is_usual)
    assert shown.filter(is_usual).to_list() == usual["mask"].to_list()
    assert usual["cell"].to_list() == usual["value"].to_list()
    form = r"^1[0-9]{10}(-[0-9]{4})?$|^1[0-9]{2}\*{4}[0-9]{4}$"
    assert is_usual.to_list() == column.str.contains(form).fill_null(False).to_list()
