"""Where warehouses and resources say they are: their division, and whether their coordinates can be in it.

Reads the lake's rows of both feeds, each different statement once, and keeps the answers beside the addresses
under the version of rules and reference; only new statements are judged, those that come of a correction
among them. Which statement of a place counts is decided in dbt; how coordinates are judged belongs in
`identity/coordinates/`.
"""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from dagster_project.lib import address_versions
from dagster_project.settings import Settings

if TYPE_CHECKING:
    from pathlib import Path

    import polars as pl

FEEDS = {"warehouses": "warehouse_code", "resources": "resource_code"}
"""The feeds that have places, and the column of their code."""
_TEXTS = ("province", "city", "district", "address", "adcode")
SAID = ("feed", "place_code", *_TEXTS, "latitude", "longitude")
FOUND = (
    "found_adcode", "found_province", "match_method", "coordinate_finding", "distance_km", "nearest_adcode",
    "suggested_latitude", "suggested_longitude",
)  # fmt: skip
DATUM = ("datum", "wgs84_latitude", "wgs84_longitude")
"""Where both feeds tell of a place, and one of them in another datum: which, and the point in WGS-84."""


def folder(settings: Settings) -> Path:
    """Where the answers stand: one Parquet a version."""
    return settings.addresses / "places"


def judge_new(settings: Settings, as_of: datetime | None = None) -> dict[str, int]:
    """Judges the statements that are new, with the corrections in force at a cut-off; counts: places
    (statements known now), judged (now).

    There is always a Parquet of the present version afterwards, be it empty.
    """
    import polars as pl

    path = folder(settings) / f"places-{address_versions.present()}.parquet"
    said = _said(settings, as_of)
    kept = pl.read_parquet(path) if path.exists() else None
    fresh = said if kept is None else said.join(kept, on=SAID, how="anti", nulls_equal=True)
    if kept is None or fresh.height:
        rows = _judged(fresh)
        whole = _with_datum(rows if kept is None else pl.concat([kept.drop(DATUM), rows]))
        path.parent.mkdir(parents=True, exist_ok=True)
        temporary = path.with_suffix(".tmp")
        whole.sort(SAID).write_parquet(temporary)
        temporary.replace(path)
    for other in path.parent.glob("places-*.parquet"):
        if other != path:
            other.unlink()
    return {"places": said.height, "judged": fresh.height}


def write_divisions(settings: Settings) -> dict[str, int]:
    """Keeps one Parquet of the reference's divisions with their centres, for what is measured to an address
    of which no more is known; counts: divisions."""
    import polars as pl

    from identity.addresses import seeds

    centre = pl.col("latitude", "longitude").cast(pl.Float64, strict=False)
    centres = seeds.load().region.select("adcode", centre).drop_nulls().sort("adcode")
    path = settings.addresses / "divisions" / "divisions.parquet"
    path.parent.mkdir(parents=True, exist_ok=True)
    temporary = path.with_suffix(".tmp")
    centres.write_parquet(temporary)
    temporary.replace(path)
    return {"divisions": centres.height}


def _said(settings: Settings, as_of: datetime | None) -> pl.DataFrame:
    """Each different statement of the lake, and what places say as corrected: the columns of `SAID`."""
    import polars as pl

    from dagster_project.lib.stewardship import overlay

    schema = {name: pl.Float64 if name in ("latitude", "longitude") else pl.String for name in SAID}
    pieces = [pl.DataFrame(schema=schema)]
    for feed, code in FEEDS.items():
        paths = sorted((settings.lake / feed).glob("**/*.parquet"))
        if not paths:
            continue
        rows = pl.scan_parquet(paths, missing_columns="insert", extra_columns="ignore")
        there = rows.collect_schema().names()
        columns = {"feed": pl.lit(feed), "place_code": pl.col(code)}
        columns |= {
            name: pl.col(name) if name in there else pl.lit(None) for name in SAID if name not in columns
        }
        typed = [column.cast(schema[name]).alias(name) for name, column in columns.items()]
        pieces.append(rows.select(typed).filter(pl.col("place_code").is_not_null()).unique().collect())
    return overlay.statements(pl.concat(pieces), overlay.in_force(settings, as_of)).sort(SAID)


def _judged(said: pl.DataFrame) -> pl.DataFrame:
    """The columns of `SAID` and `FOUND`; a code is taken where there is such a division, else the texts."""
    import polars as pl

    from identity.addresses import seeds, standardise
    from identity.coordinates import check

    names = seeds.load().region.select(
        pl.col("adcode").alias("province_code"), pl.col("name").alias("found_province")
    )
    read = standardise(said.select("province", "city", "district", "address"))
    is_code = said["adcode"].is_in(seeds.load().region["adcode"].implode()).fill_null(False)
    adcode = said["adcode"].zip_with(is_code, read["adcode"]).alias("found_adcode")
    method = pl.Series([None] * said.height, dtype=pl.String).zip_with(is_code, read["match_method"])
    coordinates = check(said.select("latitude", "longitude").with_columns(adcode.alias("adcode")))
    return (
        said.with_columns(
            adcode, method.fill_null("explicit").alias("match_method"),
            (adcode.str.slice(0, 2) + "0000").alias("province_code"),
        )
        .join(names, on="province_code", how="left", maintain_order="left")
        .hstack(coordinates.rename({"finding": "coordinate_finding"}))
        .select(*SAID, *FOUND)
    )  # fmt: skip


def _with_datum(judged: pl.DataFrame) -> pl.DataFrame:
    """With the columns of `DATUM`: a point is held against what the other feed says of the same place."""
    import polars as pl

    from identity.coordinates import recognise

    place, point = ["feed", "place_code"], ["latitude", "longitude"]
    points = judged.filter(pl.col("coordinate_finding").is_null()).select(*place, *point).unique()
    other = points.rename({"feed": "known_by"} | {name: f"known_{name}" for name in point})
    pairs = points.join(other, on="place_code").filter(pl.col("feed") != pl.col("known_by"))
    told = (
        pairs.hstack(recognise(pairs))
        .filter(pl.col("datum") != "WGS-84")
        .sort("residual_m", *place, *point)
        .unique([*place, *point], keep="first", maintain_order=True)
        .select(*place, *point, *DATUM)
    )
    return judged.join(told, on=[*place, *point], how="left", maintain_order="left")
