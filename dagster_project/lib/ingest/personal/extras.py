"""Columns that no contract maps, as one JSON object per row: kept, so that a new field can be asked at
once.

What looks like a personal value, by its header or by its content, is masked; the whole text goes to the
vault, and the masked object names its token as `_token`.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

import polars as pl

from dagster_project.lib.ingest.compiled import is_loaded
from dagster_project.lib.ingest.personal import masks
from dagster_project.lib.ingest.personal.free_text import mask_free_text
from dagster_project.lib.ingest.personal.suspects import may_be_private
from dagster_project.lib.ingest.personal.tokens import tokens
from identity.vault import VaultKey

_PRIVATE_HEADERS = (
    (re.compile("手机|电话|联系方式|座机|固话"), "phone"),
    (re.compile("邮箱|e-?mail", re.IGNORECASE), "email"),
    (re.compile("生日|出生"), "birthday"),
    (re.compile("姓名|联系人|真实名|抬头|（个人）|\\(个人\\)"), "name"),
    (re.compile("地址$|身份证|证件|纳税人|银行账号|收件信息|消费者资料"), "text"),
    (re.compile("会员名|昵称|账号|帐号|支付宝账"), "account"),
)
_WORTH_KINDS, _MOST_KINDS = 4_096, 16
"""From so many rows on, those that fill the same columns are encoded together, if there are so few kinds of
them; else empty cells are cut out of the text."""
_MOST_PARTIAL = 60
"""Columns that a number of 64 bits tells apart: a row's kind has a bit for each column that it fills."""
_NO_PERSON = re.compile(
    "^(是否|达人|主播|团长|推广|带货|快赚客|授权推广|账号类型|带货账号类型|导购员|创建人|仓库)"
)


def private_kind(header: str, declared: Mapping[str, str]) -> str | None:
    """The kind of personal value that a header announces, from the contract or from the words in it."""
    if header in declared:
        return declared[header]
    if _NO_PERSON.search(header):
        return None
    return next((kind for pattern, kind in _PRIVATE_HEADERS if pattern.search(header)), None)


def build_extras(
    rest: pl.DataFrame, declared: Mapping[str, str], key: VaultKey
) -> tuple[pl.Series | None, pl.DataFrame | None]:
    """Masked JSON per row (null where no such column has a cell), and token and value of the texts masked."""
    if not rest.width:
        return None, None
    private = {name: kind for name in rest.columns if (kind := private_kind(name, declared))}
    shown = rest
    if private:
        shown = rest.with_columns(masks.masked(kind, name).alias(name) for name, kind in private.items())
    text = _encode(shown)
    masked, changed = _masked(text, shown)
    for name in private:
        changed |= (shown[name] != rest[name]).fill_null(False)
    if not changed.any():
        return masked, None
    whole = _encode(rest.filter(changed))
    made = tokens(whole, "text", key)
    named = pl.select(
        pl.lit('{"_token":"') + made + '",' + masked.filter(changed).str.strip_prefix("{")
    ).to_series()
    vault = pl.DataFrame({"token": made, "value": whole})
    return masked.clone().scatter(changed.arg_true(), named), vault


def _masked(text: pl.Series, cells: pl.DataFrame) -> tuple[pl.Series, pl.Series]:
    """The objects of these cells with personal values masked, and which had any. Compiled code finds those
    that cannot have any."""
    changed = pl.Series([False]).new_from_index(0, text.len())
    if not is_loaded():
        masked = mask_free_text(text)
        return masked, (masked != text).fill_null(False)
    places = may_be_private(cells).arg_true()
    if not places.len():
        return text, changed
    whole = text.gather(places)
    masked = mask_free_text(whole)
    return text.clone().scatter(places, masked), changed.scatter(places, (masked != whole).fill_null(False))


def _encode(rest: pl.DataFrame) -> pl.Series:
    """JSON objects without the empty cells; null where all are."""
    if is_loaded():
        from dagster_project.lib.ingest.compiled.objects import objects

        if (made := objects(rest)) is not None:
            return made
    counts = dict(zip(rest.columns, rest.null_count().row(0), strict=True))
    names = [name for name, count in counts.items() if not count or count < rest.height]
    partial = [name for name in names if counts[name]]
    if not partial:
        return _objects(rest, names)
    if rest.height >= _WORTH_KINDS and len(partial) <= _MOST_PARTIAL:
        kinds = [pl.when(pl.col(name).is_not_null()).then(1 << at) for at, name in enumerate(partial)]
        kind = rest.select(pl.sum_horizontal(kinds).cast(pl.UInt64).alias("kind")).to_series()
        found = kind.unique().to_list()
        if len(found) <= _MOST_KINDS:
            empty = {each: {name for at, name in enumerate(partial) if not each >> at & 1} for each in found}
            texts = [
                _objects(rest.filter(kind == each), [name for name in names if name not in empty[each]])
                for each in found
            ]
            places = pl.concat([(kind == each).arg_true() for each in found])
            return pl.concat(texts).gather(places.arg_sort())
    text = _objects(rest, names).str.replace_all(r'"(?:[^"\\]|\\.)*":null,?', "").str.replace(r",\}$", "}")
    return text.set(text == "{}", None)


def _objects(rest: pl.DataFrame, names: list[str]) -> pl.Series:
    """A JSON object of these columns per row; null where there is none."""
    if not names:
        return pl.Series([None], dtype=pl.String).new_from_index(0, rest.height)
    return rest.select(pl.struct(names).struct.json_encode().alias("extras")).to_series()
