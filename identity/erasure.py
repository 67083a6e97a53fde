"""Which records belong to people who were erased, told by digests of their keys; nothing personal is needed.

Frames in, frames out. What is removed of such a record, and where requests are kept, is no concern here.
"""

from __future__ import annotations

from collections.abc import Collection

import polars as pl

from identity.digests import sha256
from identity.records import ORDER, OWNER, RECIPIENT, TOUCHPOINT

DIGEST_HEX_DIGITS = 32
ROLES = (OWNER, RECIPIENT)
_SEPARATOR = "\x1f"


def keys(records: pl.DataFrame) -> pl.Series:
    """What erased records are recognised by, from record_kind, source, channel, source_record_id, role.

    Of an order channel, number and role, whatever source exports it again; of a touchpoint record source, id.
    """
    of_order = pl.col("record_kind") == ORDER
    place = pl.when(of_order).then(pl.col("channel")).otherwise(pl.col("source")).fill_null("")
    return records.select(
        key=pl.concat_str("record_kind", place, "source_record_id", "role", separator=_SEPARATOR)
    )["key"]


def digests(told: pl.Series) -> pl.Series:
    """The digests that requests hold, of the keys of records."""
    distinct = told.drop_nulls().unique()
    made = sha256(distinct).str.head(DIGEST_HEX_DIGITS)
    return told.replace_strict(distinct, made, default=None, return_dtype=pl.String)


def living(records: pl.DataFrame, erased: Collection[str]) -> pl.DataFrame:
    """The records without those whose digest is in `erased`, in their order."""
    if not erased or records.is_empty():
        return records
    return records.filter(~digests(keys(records)).is_in(list(erased)).fill_null(False))


def roles_erased(orders: pl.DataFrame, erased: Collection[str]) -> pl.DataFrame:
    """Of rows that name an order (`channel, channel_order_id`): whether owner and recipient are erased."""
    told = orders.select("channel", source_record_id="channel_order_id")
    shown = {}
    for role in ROLES:
        named = told.with_columns(
            record_kind=pl.lit(ORDER), source=pl.lit(None, pl.String), role=pl.lit(role)
        )
        shown[role] = digests(keys(named)).is_in(list(erased)).fill_null(False)
    return pl.DataFrame(shown)


def touchpoints_erased(rows: pl.DataFrame, erased: Collection[str]) -> pl.Series:
    """Of touchpoint rows (`source, source_record_id`), whether each is erased."""
    named = rows.select("source", "source_record_id").with_columns(
        record_kind=pl.lit(TOUCHPOINT), channel=pl.lit(None, pl.String), role=pl.lit(OWNER)
    )
    return digests(keys(named)).is_in(list(erased)).fill_null(False)
