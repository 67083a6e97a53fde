"""Whether a correction may be taken: every refusal is one line that says what is wrong and what to do.

Held against the published file, as its reader saw it, and against the other corrections. Nothing is written.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from dagster_project.lib.stewardship import published as published_file
from dagster_project.lib.stewardship import rules
from dagster_project.lib.stewardship.entities import ENTITIES

if TYPE_CHECKING:
    import polars as pl

PROPOSED = ("entity", "record_key", "field", "old_value", "new_value")
"""What a proposal says; texts, null where there is no value."""
LIVE = ("proposed", "approved")
OVER = ("retired", "overtaken", "missing")
"""States (of rpt_corrections) in which an approved correction stands in nobody's way any more."""
_WHERE = ("entity", "record_key", "field")


def checked(published: Path, proposals: pl.DataFrame, standing: pl.DataFrame) -> pl.DataFrame:
    """The proposals (`PROPOSED`) with `why`, one line, null where one may be taken: the first of

    - the entity or field cannot be corrected, or the record does not exist;
    - another correction of the value is live;
    - the old value is not the present one: the correction came with an old version of the record;
    - the new value is the old one, is no value of the field's type, or breaks a rule (rules.py);
    - another proposal of the same list speaks of the same value.

    `standing` is entries.standing(). An old value that is the present one comes back as the mart writes it:
    12.5 as 12.50, so that two writings of one value are one.
    """
    import polars as pl

    numbered = proposals.select(PROPOSED).with_row_index("row_no")
    fields = [f"{entity.name}/{field}" for entity in ENTITIES.values() for field in entity.fields]
    is_known = pl.concat_str("entity", pl.lit("/"), "field").is_in(fields).fill_null(False)
    told = published_file.compared(published, numbered.filter(is_known))
    told = told.with_columns(old_value=pl.when("is_present").then("present_value").otherwise("old_value"))
    told = told.join(_contradicted(published, told, standing), on="row_no", how="left")
    told = told.join(rules.broken(published, told), on="row_no", how="left")
    spelling = pl.when(pl.col("entity") == "address").then(pl.col("old_value").fill_null(""))
    told = told.with_columns(is_twice=pl.struct(*_WHERE, spelling.alias("spelling")).is_duplicated())
    unknown = numbered.filter(~is_known).with_columns(why=_cannot())
    known = told.select("row_no", *PROPOSED, why=_why())
    return pl.concat([unknown, known]).sort("row_no").drop("row_no")


def _contradicted(published: Path, told: pl.DataFrame, standing: pl.DataFrame) -> pl.DataFrame:
    """row_no and `other` (one line) where a live correction speaks of the value: of a record's field any, of
    a division's spellings that of the same one. One that is over still stands for its own old value: the
    source may say it again."""
    import polars as pl

    over = pl.Series([], dtype=pl.String)
    if published_file.has(published, "rpt_corrections"):
        states = published_file.query(published, "select correction_id, state from marts.rpt_corrections")
        over = states.filter(pl.col("state").is_in(OVER))["correction_id"]
    live = standing.filter(pl.col("status").is_in(LIVE)).select(
        *_WHERE, "correction_id", others_old="old_value", others_new="new_value",
        is_over=pl.col("correction_id").is_in(over.implode()) & (pl.col("status") == "approved"),
    )  # fmt: skip
    is_same = pl.col("old_value").eq_missing(pl.col("others_old"))
    is_of_record = (pl.col("entity") != "address") & ~pl.col("is_over")
    text = pl.format("correction {} ({} → {})", "correction_id", _shown("others_old"), _shown("others_new"))
    met = told.join(live, on=list(_WHERE)).filter(is_same | is_of_record)
    return met.select("row_no", other=text).unique("row_no", keep="first", maintain_order=True)


def _cannot() -> pl.Expr:
    import polars as pl

    allowed = "; ".join(f"{entity.name}: {', '.join(entity.fields)}" for entity in ENTITIES.values())
    entity, field = (pl.col(name).fill_null("nothing") for name in ("entity", "field"))
    return pl.format("{}.{}: cannot be corrected; what can is {}", entity, field, pl.lit(allowed))


def _shown(column: str) -> pl.Expr:
    import polars as pl

    return pl.col(column).fill_null("nothing")


def _why() -> pl.Expr:
    import polars as pl

    where = pl.format("{} {}, {}", "entity", "record_key", "field")
    old, new, present = _shown("old_value"), _shown("new_value"), _shown("present_value")
    is_address = pl.col("entity") == "address"
    missing = "{}: there is no such record in the published data; look its key up there"
    taken = "{}: {} speaks of it already; revoke that first"
    aged = (
        "{}: is {} now, not {}: this correction came with an old version of the record; look again and "
        "correct what stands there"
    )
    return (
        pl.when(~pl.col("exists")).then(pl.format(missing, where))
        .when(pl.col("other").is_not_null()).then(pl.format(taken, where, "other"))
        .when(~pl.col("is_present") & is_address)
        .then(pl.format("{}: no address is written {} any more; look again", where, old))
        .when(~pl.col("is_present")).then(pl.format(aged, where, present, old))
        .when("is_already")
        .then(pl.format("{}: is {} already", where, new))
        .when(~pl.col("is_typed")).then(pl.format("{}: {} is no value of it", where, new))
        .when(pl.col("breaks").is_not_null()).then(pl.format("{}: {}", where, "breaks"))
        .when("is_twice").then(pl.format("{}: two corrections of this list speak of it; keep one", where))
    )  # fmt: skip
