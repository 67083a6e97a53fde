"""The rules that a corrected record must keep: those of its suite, and that places, codes and names exist.

They are judged on the record as it would stand with all proposals of a list, so that two halves of a pair of
coordinates come together. What a rule says of records that nobody corrects is the findings' matter.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from dagster_project.lib.stewardship import overlay
from dagster_project.lib.stewardship import published as published_file
from dagster_project.lib.stewardship.entities import ENTITIES, Entity

if TYPE_CHECKING:
    import polars as pl

    from dagster_project.lib.quality.rules import Rule

LEVELS = ("province", "city", "district")


def broken(published: Path, told: pl.DataFrame) -> pl.DataFrame:
    """row_no and `breaks` (one line) of each proposal whose new value breaks a rule.

    `told` is what published.compared gives: those whose record or type is wrong are left out.
    """
    import polars as pl

    pieces = [pl.DataFrame(schema={"row_no": pl.UInt32, "breaks": pl.String})]
    usable = told.filter(pl.col("exists"), pl.col("is_typed"))
    for name, judges in _JUDGES.items():
        wanted = usable.filter(entity=name)
        if not wanted.is_empty():
            told_of = [judge(published, ENTITIES[name], wanted) for judge in judges]
            pieces += [piece.select("row_no", "breaks") for piece in told_of]
    return pl.concat(pieces, how="vertical_relaxed").unique("row_no", keep="first", maintain_order=True)


def _as_corrected(published: Path, entity: Entity, wanted: pl.DataFrame) -> pl.DataFrame:
    """The records of the proposals with the new values, whatever the old ones: `record_key` and their
    columns."""
    records = published_file.records(published, entity).join(wanted, on="record_key", how="semi")
    return overlay.overwritten(records, entity, wanted)


def _places(published: Path, entity: Entity, wanted: pl.DataFrame) -> pl.DataFrame:
    """A division that can be read, under the name that it bears, and coordinates that can lie in it."""
    import polars as pl

    from identity.addresses import seeds, standardise
    from identity.coordinates import check

    after = _as_corrected(published, entity, wanted)
    if "province" in after.columns:
        read = standardise(after.select(*LEVELS, address=pl.lit(None, pl.String)))
        named = read.select(found="adcode", **{f"named_{level}": level for level in LEVELS})
    else:
        is_code = pl.col("adcode").is_in(seeds.load().region["adcode"].implode()).fill_null(False)
        named = after.select(found=pl.when(is_code).then("adcode"))
    judged = check(after.select("latitude", "longitude").with_columns(adcode=named["found"]))
    judged = judged.select("finding", km=pl.col("distance_km").cast(pl.String))
    told = wanted.join(after.select("record_key").hstack(named).hstack(judged), on="record_key")
    names: list[pl.Expr] = [
        pl.when(pl.col("field") == level).then(f"named_{level}")
        for level in LEVELS
        if f"named_{level}" in named.columns
    ]
    name = pl.coalesce(names or [pl.lit(None, pl.String)])
    is_division, is_point = (
        pl.col("field").is_in([*LEVELS, "adcode"]),
        pl.col("field").is_in(["latitude", "longitude"]),
    )
    far = pl.format(" ({} km from its division)", "km").fill_null("")
    return told.with_columns(
        breaks=pl.when(is_division & pl.col("found").is_null())
        .then(pl.lit("no division can be read of it"))
        .when(name.is_not_null() & (name != pl.col("new_value")))
        .then(pl.format("the {} of {} is {}", "field", "found", name))
        .when((is_division | is_point) & pl.col("finding").is_not_null() & (pl.col("finding") != "missing"))
        .then(pl.format("the coordinates would be {}{}", "finding", far))
    ).drop_nulls("breaks")


def _suite(published: Path, entity: Entity, wanted: pl.DataFrame) -> pl.DataFrame:
    """What the suite of the entity says of the fields that are corrected (lib/quality/suites.yml): the same
    rules that find, judged on all records as they would stand, without Great Expectations."""
    import polars as pl

    from dagster_project.lib.quality.facts import FACTS
    from dagster_project.lib.quality.rules import suites, texts

    suite = suites()[entity.name]
    rows = overlay.overwritten(published_file.records(published, entity), entity, wanted)
    if entity.name == "sku_alias":
        rows = rows.filter(pl.col("sku_code").is_not_null())
    skus = published_file.query(published, "select sku_code from marts.dim_skus")
    judged = FACTS[entity.name](rows, {"skus": skus})
    fields, words = set(wanted["field"]), texts()
    failing = [
        judged.filter(_fails(rule)).select(
            "record_key",
            field=pl.lit(rule.field),
            breaks=pl.lit(f"{words[rule.code]['title_en']} (rule {rule.code})"),
        )
        for rule in suite.rules
        if rule.field in fields
    ]
    return wanted.join(pl.concat(failing), on=["record_key", "field"]) if failing else _none(wanted)


def _fails(rule: Rule) -> pl.Expr:
    import polars as pl

    value, told = pl.col(rule.field), rule.arguments
    match rule.expect:
        case "sound":
            fails = pl.col(rule.code).is_not_null()
        case "known":
            fails = value.is_null() | (value.cast(pl.String).str.strip_chars() == "")
        case "regex":
            fails = ~value.str.contains(told["regex"])
        case "one_of":
            fails = ~value.is_in(list(told["values"]))
        case _:
            number = value.cast(pl.Float64)
            fails = (number < told["least"]) | (number > told["most"]) | number.is_nan()
    return fails.fill_null(False)


def _none(wanted: pl.DataFrame) -> pl.DataFrame:
    import polars as pl

    return wanted.head(0).with_columns(breaks=pl.lit(None, pl.String))


def _spellings(published: Path, entity: Entity, wanted: pl.DataFrame) -> pl.DataFrame:
    """What a spelling stands for is the name that the division bears today."""
    import polars as pl

    names = published_file.query(
        published,
        f"select adcode as record_key, level || '_written' as field, max(name) as name "
        f"from ({published_file.SPELLINGS}) group by all",
    )
    told = wanted.join(names, on=["record_key", "field"], how="left")
    is_other = pl.col("new_value").ne_missing(pl.col("name"))
    level = pl.col("field").str.strip_suffix("_written")
    said = pl.format("the {} of {} is {}", level, "record_key", pl.col("name").fill_null("not known"))
    return told.filter(is_other).with_columns(breaks=said)


_JUDGES: dict[str, tuple[Callable[[Path, Entity, pl.DataFrame], pl.DataFrame], ...]] = {
    "sku": (_suite,),
    "sku_alias": (_suite,),
    "warehouse": (_places, _suite),
    "resource": (_places, _suite),
    "carrier": (_suite,),
    "address": (_spellings,),
}
