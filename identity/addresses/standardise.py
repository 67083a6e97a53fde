"""Standardising addresses: folding, reading the divisions, reading the door, and the key, for a frame at
once.

The steps are in their own modules; here they are put together and given their outside names.
"""

from __future__ import annotations

from functools import lru_cache

import numpy as np
import numpy.typing as npt
import polars as pl

from identity.addresses import detail, fold, forms, key, seeds, stored, towns, typo, walk, written
from identity.addresses.texts import Texts

COLUMNS = (
    "adcode", "town_code", "province", "city", "district", "town",
    "road", "road_no", "building", "unit", "floor", "room", "detail",
    "match_method", "candidates", "has_conflict", "confidence", "reference_as_of",
    "address_key", "visible_to",
)  # fmt: skip
DIVISIONS = (
    "adcode", "town_code", "province", "city", "district", "town", "match_method", "candidates",
    "has_conflict", "confidence", "reference_as_of",
)  # fmt: skip
BATCH_ROWS = 100_000
"""Rows taken at a time: about 200 MB of arrays at 40 characters a row."""

_CONFIDENCE = {
    "explicit": 0.99, "legacy": 0.95, "alias": 0.85, "typo": 0.85, "inferred_by_town": 0.9,
    "ambiguous": 0.3, "none": 0.0,
}  # fmt: skip
"""By method, for a chain that names its province or city in full; see `_divisions`."""
_METHODS = pl.Series("match_method", list(_CONFIDENCE))
_LEVELS = ("province", "city", "district", "town")


def standardise(frame: pl.DataFrame, infer_town: bool = True, *, with_written: bool = False) -> pl.DataFrame:
    """One row per input row, in its order, with the columns of `COLUMNS`, and with `with_written` those of
    `written.COLUMNS`.

    Reads the columns province, city, district, town, address (any of them, null allowed). `adcode` is
    the deepest of province, city and district that is known; an ambiguous district is null, with
    `candidates`. With `infer_town` a district may be found through its town alone. `address_key` is
    personal data: only its token may leave the vault's zone.
    """
    pieces = [
        _standardise_batch(frame.slice(offset, BATCH_ROWS), infer_town, with_written)
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


def divisions(frame: pl.DataFrame, infer_town: bool = True) -> pl.DataFrame:
    """As `standardise`, with the columns of `DIVISIONS` alone: a third of the time."""
    pieces = [
        _divisions(frame.slice(offset, BATCH_ROWS), infer_town)[0]
        for offset in range(0, max(frame.height, 1), BATCH_ROWS)
    ]
    return pl.concat(pieces).select(DIVISIONS)


def adcodes(frame: pl.DataFrame, infer_town: bool = True) -> pl.Series:
    """As `standardise`, the column adcode alone: the fastest."""
    pieces = [
        _by_node()["adcode"].gather(_read(frame.slice(offset, BATCH_ROWS), infer_town).chains.node)
        for offset in range(0, max(frame.height, 1), BATCH_ROWS)
    ]
    return pl.concat(pieces)


def _read(frame: pl.DataFrame, infer_town: bool) -> typo.Mended:
    texts = fold.folded(frame)
    return typo.mend(stored.load(), texts, walk.chains(texts, infer_town), infer_town)


def _divisions(frame: pl.DataFrame, infer_town: bool) -> tuple[pl.DataFrame, typo.Mended]:
    """The columns of `DIVISIONS`, and the chains and texts that the door is read from."""
    mended = _read(frame, infer_town)
    found = towns.named(mended.texts, mended.chains)
    places = _by_node()[found.node]
    method = _method(places, found, mended.typo)
    # A name without its kind is believed a tenth less.
    confidence = np.maximum(np.array(list(_CONFIDENCE.values()))[method] - 0.1 * found.weak, 0.0).round(2)
    return places.with_columns(
        _METHODS.gather(method).alias("match_method"),
        pl.Series("has_conflict", found.conflict),
        pl.Series("confidence", confidence),
        pl.lit(seeds.load().as_of).alias("reference_as_of"),
    ), mended


def _standardise_batch(frame: pl.DataFrame, infer_town: bool, with_written: bool) -> pl.DataFrame:
    places, mended = _divisions(frame, infer_town)
    texts, end = mended.texts, mended.chains.end
    whole = pl.concat([places, detail.details(_doors(texts, mended.chains))], how="horizontal")
    columns = key.with_key(whole).select(COLUMNS)
    if not with_written:
        return columns
    heads = texts.cut(end).to_series()
    return pl.concat([columns, written.written(heads, places)], how="horizontal")


def _doors(texts: Texts, found: walk.Chains) -> pl.Series:
    """What stands behind the divisions; where that is nothing, what stands before them (文三路1号西湖区)."""
    whole = texts.stops - texts.starts
    turned = (found.end >= whole) & (found.begin > 0) & ~found.conflict
    first = np.where(turned, np.minimum(found.open_end, found.begin), np.minimum(found.end, whole))
    last = np.where(turned, found.begin, whole)
    return Texts(texts.points, texts.starts + first, texts.starts + last, texts.used).to_series()


@lru_cache(maxsize=1)
def _by_node() -> pl.DataFrame:
    """By node: adcode, town_code, the four names (null where there is none), and the candidates."""
    rules = stored.load()
    name = rules.table.select(pl.col("entity"), "name", "code")
    wide = rules.table.select("entity", "level", "code", "province", "city", "district", "town")
    for level in _LEVELS:
        label = name.select(pl.col("entity").alias(level), pl.col("name").alias(f"{level}_name"))
        wide = wide.join(label, on=level, how="left", maintain_order="left")
    code = name.select(pl.col("entity").alias("region"), pl.col("code").alias("adcode"))
    named = [
        pl.when(pl.col(f"{level}_name") != "").then(pl.col(f"{level}_name")).alias(level) for level in _LEVELS
    ]
    nodes = pl.DataFrame({"region": rules.region}).with_columns(rules.nodes["entity", "candidates"])
    return (
        nodes.join(wide, on="entity", how="left", maintain_order="left")
        .join(code, on="region", how="left", maintain_order="left")
        .with_columns(named)
        .select(
            pl.when(pl.col("adcode") != "").then("adcode").alias("adcode"),
            pl.when(pl.col("level") == 4).then("code").alias("town_code"),
            "province",
            pl.when(pl.col("province").is_in(forms.OWN_CITIES))
            .then("province")
            .otherwise("city")
            .alias("city"),
            "district",
            "town",
            pl.col("candidates").is_not_null().alias("is_open"),
            pl.col("candidates").fill_null([]),
        )
        .rechunk()
    )


def _method(
    divisions: pl.DataFrame, found: walk.Chains, is_typo: npt.NDArray[np.bool_]
) -> npt.NDArray[np.int64]:
    """The place in `_METHODS` of each row."""
    conditions = [
        divisions["is_open"].to_numpy(), divisions["adcode"].is_null().to_numpy(), is_typo,
        (found.method & 1) > 0, found.inferred, (found.method & 2) > 0,
    ]  # fmt: skip
    names = ["ambiguous", "none", "typo", "legacy", "inferred_by_town", "alias"]
    places = [list(_CONFIDENCE).index(name) for name in names]
    return np.select(conditions, places, default=list(_CONFIDENCE).index("explicit"))
