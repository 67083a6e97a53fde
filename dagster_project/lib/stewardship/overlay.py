"""Corrections laid over frames of master rows: what dbt/macros/corrections.sql does, for what runs before
dbt.

A test holds both equal. Which corrections there are is told by entries.py.
"""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from dagster_project.lib.stewardship import entries
from dagster_project.lib.stewardship.entities import ENTITIES, Entity
from dagster_project.settings import Settings

if TYPE_CHECKING:
    import polars as pl

PLACES = {"warehouses": "warehouse", "resources": "resource"}
"""The feeds that have places, and the entity of their records."""
_KEY = "_record_key"
_TIME_FORMS = ("%Y-%m-%d %H:%M:%S", "%Y-%m-%d")


def in_force(settings: Settings, as_of: datetime | None = None) -> pl.DataFrame:
    """The approved corrections that count at a cut-off (without one: also those of later): entity,
    record_key, field, old_value, new_value."""
    import polars as pl

    standing = entries.standing(entries.read(settings).frame).filter(status="approved")
    if as_of is not None:
        standing = standing.filter(pl.col("valid_from") <= as_of)
    return standing.select("entity", "record_key", "field", "old_value", "new_value")


def corrected(rows: pl.DataFrame, entity: Entity, corrections: pl.DataFrame) -> pl.DataFrame:
    """The newest rows of an entity, in their order, with the values that were corrected; other columns stay.

    `rows` has the columns of the entity's key; `corrections` are those of `in_force`.
    """
    wanted = corrections.filter(entity=entity.name)
    if wanted.is_empty():
        return rows
    keyed = rows.with_columns(key_of(entity).alias(_KEY))
    return _replaced(keyed, entity, wanted).drop(_KEY)


def statements(said: pl.DataFrame, corrections: pl.DataFrame) -> pl.DataFrame:
    """What warehouses and resources say of where they are, and what they would say as corrected.

    `said` has feed, place_code and the columns of a statement; each row stays, and is there once more with
    what was corrected of that place, whichever version of it was meant: one too many is judged in vain.
    """
    import polars as pl

    pieces = [said]
    for feed, name in PLACES.items():
        wanted = corrections.filter(pl.col("entity") == name, pl.col("field").is_in(said.columns))
        if wanted.is_empty():
            continue
        wanted = wanted.with_columns(pl.col("record_key").str.split("@").list.first()).unique()
        rows = said.filter(feed=feed).with_columns(pl.col("place_code").alias(_KEY))
        pieces.append(_replaced(rows, ENTITIES[name], wanted).drop(_KEY))
    return pl.concat(pieces).unique() if len(pieces) > 1 else said


def overwritten(rows: pl.DataFrame, entity: Entity, proposals: pl.DataFrame) -> pl.DataFrame:
    """Rows with a `record_key`, with the new values of proposals in place of whatever stands there."""
    import polars as pl

    for field in entity.fields:
        of_field = proposals.filter(field=field).unique("record_key", keep="last", maintain_order=True)
        if of_field.is_empty() or field not in rows.columns:
            continue
        new = _typed("new_value", rows.schema[field]).alias("_new")
        changes = of_field.select("record_key", new, pl.lit(True).alias("_is_changed"))
        rows = rows.join(changes, on="record_key", how="left", maintain_order="left")
        rows = rows.with_columns(pl.when("_is_changed").then("_new").otherwise(field).alias(field))
        rows = rows.drop("_new", "_is_changed")
    return rows


def key_of(entity: Entity) -> pl.Expr:
    """The record key of rows that have the columns of the entity's key."""
    import polars as pl

    bare = pl.concat_str([pl.col(part).fill_null("") for part in entity.parts], separator="/")
    if entity.since is None:
        return bare
    since = pl.format("@{}", pl.col(entity.since).dt.to_string("%Y-%m-%d %H:%M:%S"))
    return pl.concat_str(bare, since.fill_null(""))


def _typed(column: str, dtype: pl.DataType) -> pl.Expr:
    """A text as a value of the type; null where it is none. A time may be a day alone."""
    import polars as pl

    if not dtype.is_temporal():
        return pl.col(column).cast(dtype, strict=False)
    forms = (pl.col(column).str.to_datetime(form, strict=False) for form in _TIME_FORMS)
    return pl.coalesce(forms).cast(dtype)


def _replaced(rows: pl.DataFrame, entity: Entity, wanted: pl.DataFrame) -> pl.DataFrame:
    import polars as pl

    for field in entity.fields:
        of_field = wanted.filter(field=field)
        if of_field.is_empty() or field not in rows.columns:
            continue
        dtype = rows.schema[field]
        changes = of_field.select(
            pl.col("record_key").alias(_KEY),
            _typed("old_value", dtype).alias(field),
            _typed("new_value", dtype).alias("_new"),
            pl.lit(True).alias("_is_changed"),
        ).unique([_KEY, field], keep="last", maintain_order=True)
        rows = rows.join(changes, on=[_KEY, field], how="left", nulls_equal=True, maintain_order="left")
        rows = rows.with_columns(pl.when("_is_changed").then("_new").otherwise(field).alias(field))
        rows = rows.drop("_new", "_is_changed")
    return rows
