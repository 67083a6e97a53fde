"""What the model compares: the distinct faces (contact and facts) of each component that exact rules have
made.

Comparing faces instead of records keeps the work in proportion to what differs: a customer with thirty
orders to one address has one face. How faces are compared stands in the model's settings.
"""

from __future__ import annotations

import polars as pl

from identity.names import FULL as FULL_NAME
from identity.phones import FULL, LANDLINE

BLOCK_CAP = 60
"""Faces that may share a blocking value; more share a front desk, a dummy or a common name, and are not
paired."""
FACE_COLUMNS = (
    "phone",
    "phone_mask",
    "name",
    "surname",
    "pinyin",
    "mask_head",
    "mask_tail",
    "home",
    "adcode",
)
FACT_COLUMNS = ("birthday", "email", "device_id", "member_no")
BLOCKS = {
    "block_phone": ("phone_mask",),
    "block_home": ("home",),
    "block_name": ("pinyin", "adcode"),
    "block_email": ("email",),
    "block_device": ("device_id",),
    "block_birth": ("birthday", "surname"),
}


def profiles(records: pl.DataFrame, component: pl.Series) -> pl.DataFrame:
    """One row per component and face, numbered in `unique_id` by the order of its values.

    Columns: unique_id, component, FACE_COLUMNS, FACT_COLUMNS (a fact of a component stands on each of its
    faces, if it has one value only), and the blocking values, null where too many faces share one.
    """
    labelled = records.with_columns(component=component.cast(pl.Int64))
    numbers = pl.when(pl.col("phone_kind").is_in([FULL, LANDLINE])).then("phone")
    faces = (
        labelled.with_columns(phone=numbers)
        .select("component", *FACE_COLUMNS)
        .filter(
            pl.any_horizontal(
                pl.col(c).is_not_null() for c in ("phone", "phone_mask", "name", "mask_head", "home")
            )
        )
        .unique()
    )
    sole = labelled.group_by("component").agg(
        pl.when(pl.col(fact).drop_nulls().n_unique() == 1).then(pl.col(fact).drop_nulls().first()).alias(fact)
        for fact in FACT_COLUMNS
    )
    faces = faces.join(sole, on="component", how="left")
    faces = faces.sort("component", *FACE_COLUMNS, nulls_last=True).with_row_index("unique_id")
    return faces.with_columns(_block(name, parts) for name, parts in BLOCKS.items())


def _block(name: str, parts: tuple[str, ...]) -> pl.Expr:
    value = pl.concat_str(parts, separator="|")
    return pl.when(pl.len().over(value) <= BLOCK_CAP).then(value).alias(name)


def holders(records: pl.DataFrame, component: pl.Series) -> pl.DataFrame:
    """Hard facts of each component, as lists: unionids, birthdays, names (pinyin of full names), accounts."""
    labelled = records.with_columns(component=component.cast(pl.Int64))
    return labelled.group_by("component").agg(
        unionids=pl.col("unionid").drop_nulls().unique(),
        birthdays=pl.col("birthday").drop_nulls().unique(),
        names=pl.col("pinyin").filter(pl.col("name_kind") == FULL_NAME).unique(),
        members=pl.col("member_no").drop_nulls().unique(),
    )
