"""Scores against addresses whose truth is known: by level, by error class, and by field of the door.

The gold is a frame with the address and any of: adcode or province, city, district; town; road, road_no,
building, unit, floor, room; kind (the error class). What else reads addresses stands in `peers.py`.
"""

from __future__ import annotations

import time
from collections.abc import Sequence
from typing import Any

import polars as pl

from identity.addresses import peers, seeds
from identity.addresses.reference.names import short_name
from identity.addresses.standardise import standardise

LEVELS = peers.LEVELS
FIELDS = ("road", "road_no", "building", "unit", "floor", "room")
TRUTH = ("adcode", *LEVELS, "town", *FIELDS)
SLOW_ROWS = 1_000
"""About so many rows, spread over all, a slow peer is measured on."""
TIMED_ROWS = 100_000
"""Ours is timed over the rows so often that there are about so many: what a call costs does not count."""
_KIND_OF_NUMBER = r"(?:号大院|号院|号楼|号|弄|栋|幢|座|单元|层|楼|室|房)$"


def evaluate(gold: pl.DataFrame, column: str = "address", with_peers: bool = True) -> dict[str, Any]:
    """The scores of ours and, where they are installed, of the peers, all over the same rows in one run.

    ValueError where the gold has no column that can be compared with.
    """
    known = [name for name in TRUTH if name in gold.columns]
    if not known:
        raise ValueError(f"no column to compare with; name at least one of {', '.join(TRUTH)}")
    texts = gold[column].cast(pl.String).fill_null("")
    truth = _true_names(gold)
    found = standardise(pl.DataFrame({"address": texts}))
    times = max(1, TIMED_ROWS // max(gold.height, 1))
    many = pl.DataFrame({"address": pl.concat([texts] * times)})
    begun = time.perf_counter()
    standardise(many)
    seconds = (time.perf_counter() - begun) / times
    kinds = gold["kind"].cast(pl.String) if "kind" in gold.columns else None
    result: dict[str, Any] = {"rows": gold.height, "readers": {}}
    result["readers"]["luyue"] = _scores(found, truth, kinds, gold.height, seconds)
    result["fields"] = _fields(found, gold)
    if "town" in gold.columns:
        result["fields"] |= {"town": _f1(_plain(found["town"]), _plain(gold["town"].cast(pl.String)))}
    result["methods"] = dict(found["match_method"].value_counts(sort=True).iter_rows())
    result["not_installed"] = [name for name in peers.NAMES if name not in peers.installed()]
    for name in peers.installed() if with_peers else []:
        step = max(1, gold.height // SLOW_ROWS) if name in peers.SLOW else 1
        read, few = peers.reader(name), texts.gather_every(step).to_list()
        read(few[:1])
        begun = time.perf_counter()
        theirs = read(few)
        seconds = time.perf_counter() - begun
        kind = None if kinds is None else kinds.gather_every(step)
        result["readers"][name] = _scores(theirs, truth.gather_every(step), kind, len(few), seconds)
    return result


def _true_names(gold: pl.DataFrame) -> pl.DataFrame:
    """The true names of `LEVELS`; of an adcode those of the reference in force."""
    if "adcode" not in gold.columns:
        missing = [pl.lit(None, dtype=pl.String).alias(name) for name in LEVELS if name not in gold.columns]
        return gold.with_columns(missing).select(pl.col(name).cast(pl.String) for name in LEVELS)
    region = seeds.load().region.select("adcode", "name")
    code = gold["adcode"].cast(pl.String).str.strip_chars()
    frame = pl.DataFrame({"code": code}).with_columns(
        (pl.col("code").str.slice(0, 2) + "0000").alias("province"),
        pl.when(pl.col("code").str.slice(2, 2) != "00")
        .then(pl.col("code").str.slice(0, 4) + "00")
        .alias("city"),
        pl.when(pl.col("code").str.slice(4, 2) != "00").then("code").alias("district"),
    )
    for level in LEVELS:
        named = region.rename({"adcode": level, "name": f"{level}_name"})
        frame = frame.join(named, on=level, how="left", maintain_order="left")
    return frame.select(pl.col(f"{level}_name").alias(level) for level in LEVELS)


def _scores(
    found: pl.DataFrame, truth: pl.DataFrame, kinds: pl.Series | None, rows: int, seconds: float
) -> dict[str, Any]:
    """Right and wrong by level, of the rows that have it; the district by kind; rows a second.

    A row without a true district is right if none is given.
    """
    scores: dict[str, Any] = {"rows": rows, "rows_per_second": round(rows / max(seconds, 1e-9))}
    by_level = {}
    for level in LEVELS:
        given, true = _plain(found[level]), _plain(truth[level])
        # A municipality is its own city: 北京市 北京市 and 北京市 alone say the same.
        if level == "city":
            given = given.zip_with(~(given == _plain(found["province"])).fill_null(False), _nothing(given))
            true = true.zip_with(~(true == _plain(truth["province"])).fill_null(False), _nothing(true))
        right = given.eq_missing(true)
        wrong = given.is_not_null() & ~right
        asked = true.is_not_null() if level != "district" else pl.repeat(True, rows, eager=True)
        if asked.any():
            by_level[level] = {
                "right": _mean(right, asked),
                "wrong": _mean(wrong, asked),
                "rows": int(asked.sum()),
            }
        if level == "district" and kinds is not None:
            table = (
                pl.DataFrame({"kind": kinds, "right": right, "wrong": wrong})
                .group_by("kind")
                .agg(pl.col("right").mean().round(4), pl.col("wrong").mean().round(4), pl.len().alias("rows"))
            )
            scores["kinds"] = {row.pop("kind"): row for row in table.sort("right", "kind").to_dicts()}
    return scores | {"levels": by_level}


def _fields(found: pl.DataFrame, gold: pl.DataFrame) -> dict[str, float]:
    """F1 by field that the gold has; a number counts without its kind (12号 is 12)."""
    return {
        name: _f1(_numbered(found[name], name), _numbered(gold[name].cast(pl.String), name))
        for name in FIELDS
        if name in gold.columns
    }


def _numbered(values: pl.Series, name: str) -> pl.Series:
    spelled = values.str.strip_chars().str.to_uppercase()
    plain = spelled if name == "road" else spelled.str.replace(_KIND_OF_NUMBER, "")
    return plain.zip_with((plain != "").fill_null(False), _nothing(plain))


def _f1(given: pl.Series, true: pl.Series) -> float:
    hits = int((given == true).sum())
    asked = given.len() - given.null_count() + true.len() - true.null_count()
    return round(2 * hits / asked, 4) if asked else 1.0


def _plain(names: pl.Series) -> pl.Series:
    """Names without their kind, so that 浦东 and 浦东新区 are one; null for an empty one."""
    distinct = names.drop_nulls().unique().to_list()
    short = {name: short_name(name.strip()) or None for name in distinct}
    return names.replace_strict(short, default=None, return_dtype=pl.String)


def _nothing(like: pl.Series) -> pl.Series:
    return pl.Series(like.name, [None], dtype=pl.String).new_from_index(0, like.len())


def _mean(values: pl.Series, rows: pl.Series) -> float:
    return round(float(values.filter(rows).cast(pl.Float64).mean() or 0.0), 4)  # type: ignore[arg-type]


def lines(result: dict[str, Any]) -> Sequence[str]:
    """The scores as lines of a table."""
    told = [
        f"{'reader':<14} {'rows':>8} {'province':>9} {'city':>7} {'district':>9} {'wrong':>7} {'rows/s':>9}"
    ]
    for name, scores in result["readers"].items():
        levels = scores["levels"]
        right = {level: f"{levels[level]['right']:.4f}" if level in levels else "" for level in LEVELS}
        wrong = f"{levels['district']['wrong']:.4f}" if "district" in levels else ""
        told.append(
            f"{name:<14} {scores['rows']:>8} {right['province']:>9} {right['city']:>7} {right['district']:>9}"
            f" {wrong:>7} {scores['rows_per_second']:>9}"
        )
    ours = result["readers"]["luyue"].get("kinds", {})
    others = [name for name in result["readers"] if name != "luyue"]
    if ours:
        told += [
            "",
            "district right, by kind:",
            f"{'kind':<34} {'rows':>6} " + " ".join(f"{n:>14}" for n in ["luyue", *others]),
        ]
        for kind, row in ours.items():
            theirs = [result["readers"][name].get("kinds", {}).get(kind, {}).get("right") for name in others]
            cells = " ".join(
                f"{'' if value is None else f'{value:.3f}':>14}" for value in [row["right"], *theirs]
            )
            told.append(f"{kind:<34} {row['rows']:>6} {cells}")
    if result["fields"]:
        told += ["", "F1: " + ", ".join(f"{name} {value:.3f}" for name, value in result["fields"].items())]
    told += [
        f"{name}: not installed, skipped (pip install 'luyue[address-peers]')"
        for name in result["not_installed"]
    ]
    return told
