"""Columns that no contract maps, as one JSON object per row: kept, so that a new field can be asked at
once.

What looks like a personal value, by its header or by its content, is masked; the whole text goes to the
vault, and the masked object names its token as `_token`.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

import polars as pl

from dagster_project.lib.ingest import masks
from dagster_project.lib.ingest.free_text import mask_free_text
from identity.vault import VaultKey, tokens

_PRIVATE_HEADERS = (
    (re.compile("手机|电话|联系方式|座机|固话"), "phone"),
    (re.compile("邮箱|e-?mail", re.IGNORECASE), "email"),
    (re.compile("生日|出生"), "birthday"),
    (re.compile("姓名|联系人|真实名|抬头|（个人）|\\(个人\\)"), "name"),
    (re.compile("地址$|身份证|证件|纳税人|银行账号|收件信息|消费者资料"), "text"),
    (re.compile("会员名|昵称|账号|帐号|支付宝账"), "account"),
)
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
    whole = _encode(rest)
    private = {name: kind for name in rest.columns if (kind := private_kind(name, declared))}
    shown = rest
    if private:
        shown = rest.with_columns(
            masks.mask(kind, pl.col(name)).alias(name) for name, kind in private.items()
        )
    masked = mask_free_text(_encode(shown) if private else whole)
    changed = (masked != whole).fill_null(False)
    if not changed.any():
        return masked, None
    made = tokens(whole.filter(changed), "text", key)
    named = pl.select(
        pl.lit('{"_token":"') + made + '",' + masked.filter(changed).str.strip_prefix("{")
    ).to_series()
    vault = pl.DataFrame({"token": made, "value": whole.filter(changed)})
    return masked.clone().scatter(changed.arg_true(), named), vault


def _encode(rest: pl.DataFrame) -> pl.Series:
    """JSON objects without the empty cells; null where all are."""
    text = rest.select(pl.struct(pl.all()).struct.json_encode().alias("extras")).to_series()
    if rest.select(pl.all().null_count()).row(0) != (0,) * rest.width:
        text = text.str.replace_all(r'"[^"\\]*":null,?', "").str.replace(r",\}$", "}")
        text = text.set(text == "{}", None)
    return text
