"""Standardising addresses: folding, reading the divisions, reading the door, and the key, for a frame at
once.

The steps are in their own modules; here they are put together and given their outside names.
"""

from __future__ import annotations

import numpy as np
import polars as pl

from identity.addresses import detail, fold, grammar, key, seeds, typo, walk

COLUMNS = (
    "adcode", "town_code", "province", "city", "district", "town",
    "road", "road_no", "building", "unit", "floor", "room", "detail",
    "match_method", "candidates", "confidence", "reference_as_of", "address_key", "visible_to",
)  # fmt: skip
BATCH_ROWS = 100_000
"""Rows taken at a time: about 200 MB of arrays at 40 characters a row."""

_CONFIDENCE = {
    "explicit": 0.99, "legacy": 0.95, "alias": 0.85, "typo": 0.85, "inferred_by_town": 0.9,
    "ambiguous": 0.3, "none": 0.0,
}  # fmt: skip
"""By method, for a chain that names its province or city in full; see `_confidence`."""


def standardise(frame: pl.DataFrame, infer_town: bool = True) -> pl.DataFrame:
    """One row per input row, in its order, with the columns of `COLUMNS`.

    Reads the columns province, city, district, town, address (any of them, null allowed). `adcode` is
    the deepest of province, city and district that is known; an ambiguous district is null, with
    `candidates`. With `infer_town` a district may be found through its town alone. `address_key` is
    personal data: only its token may leave the vault's zone.
    """
    pieces = [
        _standardise_batch(frame.slice(offset, BATCH_ROWS), infer_town)
        for offset in range(0, max(frame.height, 1), BATCH_ROWS)
    ]
    return pl.concat(pieces)


def standardise_distinct(frame: pl.DataFrame, infer_town: bool = True) -> pl.DataFrame:
    """As `standardise`, each distinct row read once: for columns in which addresses come again and again."""
    parts = frame.select(name for name in fold.PARTS if name in frame.columns)
    distinct = parts.unique(maintain_order=True) if parts.width else parts
    if distinct.height == frame.height or not parts.width:
        return standardise(frame, infer_town)
    numbered = distinct.with_row_index("\0row")
    rows = parts.join(numbered, on=parts.columns, how="left", nulls_equal=True, maintain_order="left")
    return standardise(distinct, infer_town)[rows["\0row"]]


def _standardise_batch(frame: pl.DataFrame, infer_town: bool) -> pl.DataFrame:
    rules = grammar.load()
    texts = fold.folded(frame)
    mended = typo.mend(rules, texts, walk.chains(rules, texts, infer_town), infer_town)
    texts, found = mended.texts, mended.chains
    read = pl.DataFrame(
        {"node": found.node.astype(np.int32), "end": found.end, "method": found.method,
         "inferred": found.inferred, "weak": found.weak, "typo": mended.typo}
    )  # fmt: skip
    nodes = rules.nodes.join(_paths(rules), on="entity", how="left", maintain_order="left")
    divisions = read.join(nodes, on="node", how="left", maintain_order="left")
    rest = texts.to_frame("text").select(pl.col("text").str.slice(read["end"])).to_series()
    whole = pl.concat([divisions, detail.details(rest)], how="horizontal").with_columns(
        _method().alias("match_method"),
        pl.lit(seeds.load().as_of).alias("reference_as_of"),
        pl.col("candidates").fill_null([]),
    )
    whole = whole.with_columns(_confidence().alias("confidence"))
    return key.with_key(whole).select(COLUMNS)


def _paths(rules: grammar.Grammar) -> pl.DataFrame:
    """entity → adcode, town_code and the four names, null where there is none."""
    name = rules.table.select(pl.col("entity"), "name", "code")
    wide = rules.table.select("entity", "level", "code", "province", "city", "district", "town")
    for level in ("province", "city", "district", "town"):
        label = name.select(pl.col("entity").alias(level), pl.col("name").alias(f"{level}_name"))
        wide = wide.join(label, on=level, how="left", maintain_order="left")
    region = (
        pl.when(pl.col("district") > 0)
        .then("district")
        .when(pl.col("city") > 0)
        .then("city")
        .otherwise("province")
    )
    code = name.select(pl.col("entity").alias("region"), pl.col("code").alias("adcode"))
    wide = wide.with_columns(region.alias("region")).join(
        code, on="region", how="left", maintain_order="left"
    )
    blank = [
        pl.when(pl.col(f"{level}_name") != "").then(pl.col(f"{level}_name")).alias(level)
        for level in ("province", "city", "district", "town")
    ]
    return wide.select(
        "entity",
        pl.when(pl.col("adcode") != "").then("adcode").alias("adcode"),
        pl.when(pl.col("level") == 4).then("code").alias("town_code"),
        *blank,
    )


def _method() -> pl.Expr:
    return (
        pl.when(pl.col("candidates").is_not_null()).then(pl.lit("ambiguous"))
        .when(pl.col("adcode").is_null()).then(pl.lit("none"))
        .when(pl.col("typo")).then(pl.lit("typo"))
        .when((pl.col("method") & 1) > 0).then(pl.lit("legacy"))
        .when(pl.col("inferred")).then(pl.lit("inferred_by_town"))
        .when((pl.col("method") & 2) > 0).then(pl.lit("alias"))
        .otherwise(pl.lit("explicit"))
    )  # fmt: skip


def _confidence() -> pl.Expr:
    """The method's confidence, a tenth less if a name lacked its kind."""
    base = pl.col("match_method").replace_strict(_CONFIDENCE, return_dtype=pl.Float64)
    return pl.when(pl.col("weak") & (base > 0)).then((base - 0.1).round(2)).otherwise(base)
