"""Whether coordinates can be those of their division, by the centroids of the reference; and the likely mend.

A division's size is not known, so that a point is held against the others: it is far from its own where it is
over 30 km away and eight other districts are nearer. Datums differ by half a kilometre, which no centroid can
tell: for those see `datum.py`.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import polars as pl

from identity.addresses import seeds
from identity.coordinates.datum import Floats, in_china, kilometres

COLUMNS = ("finding", "distance_km", "nearest_adcode", "suggested_latitude", "suggested_longitude")
_FAR_KM = 30.0
_NEARER = 8
"""Districts nearer than one's own that make a point far: at the edge of a dense
city's district there are three or four."""
_ROWS = 2_000
"""Rows held against all centroids at a time: 50 MB."""


def check(frame: pl.DataFrame) -> pl.DataFrame:
    """One row per row of the frame with `COLUMNS`; reads latitude, longitude (degrees) and adcode.

    `finding`: `missing`, `impossible` (out of range, or 0, 0), `swapped` (latitude and longitude), `scaled`
    (the decimal point is lost: 30274150 for 30.274150), `outside` (not in China), `far` (from its division),
    `unknown_division` (no such code, or one without a centroid); null where nothing is wrong. A pair is
    suggested for `swapped` and `scaled`, where it comes to lie in its division, or in China if that is
    unknown.
    """
    pieces = [_check(frame.slice(at, _ROWS)) for at in range(0, max(frame.height, 1), _ROWS)]
    return pl.concat(pieces)


def _check(frame: pl.DataFrame) -> pl.DataFrame:
    lat = frame["latitude"].cast(pl.Float64, strict=False).fill_null(np.nan).to_numpy()
    lon = frame["longitude"].cast(pl.Float64, strict=False).fill_null(np.nan).to_numpy()
    own_lat, own_lon = _centroids(frame["adcode"].cast(pl.String))
    known = np.isfinite(own_lat)
    missing = ~(np.isfinite(lat) & np.isfinite(lon))
    home = in_china(lat, lon)
    is_far, distance, nearest = _far(lat, lon, own_lat, own_lon)
    turned_far = _far(lon, lat, own_lat, own_lon)[0]
    swapped = ~home & in_china(lon, lat) & ~(known & turned_far)
    whole_lat, whole_lon = _unscaled(lat), _unscaled(lon)
    scaled = ~home & ~swapped & in_china(whole_lat, whole_lon)
    scaled &= ~(known & _far(whole_lat, whole_lon, own_lat, own_lon)[0])
    impossible = (np.abs(lat) > 90) | (np.abs(lon) > 180) | ((lat == 0) & (lon == 0))
    found = np.select(
        [missing, swapped, scaled, impossible, ~home, ~known, is_far],
        ["missing", "swapped", "scaled", "impossible", "outside", "unknown_division", "far"],
        default="",
    )
    use = swapped | scaled
    return pl.DataFrame(
        {
            "finding": pl.Series(found.tolist(), dtype=pl.String),
            "distance_km": np.where(home, distance, np.nan).round(1),
            "nearest_adcode": nearest,
            "suggested_latitude": np.where(use, np.where(swapped, lon, whole_lat), np.nan),
            "suggested_longitude": np.where(use, np.where(swapped, lat, whole_lon), np.nan),
            "home": home,
        },
        schema_overrides={"nearest_adcode": pl.String},
    ).select(
        pl.when(pl.col("finding") != "").then("finding").alias("finding"),
        pl.col("distance_km").fill_nan(None),
        pl.when("home").then("nearest_adcode").alias("nearest_adcode"),
        pl.col("suggested_latitude").fill_nan(None),
        pl.col("suggested_longitude").fill_nan(None),
    )


def _centroids(adcodes: pl.Series) -> tuple[Floats, Floats]:
    """Latitude and longitude of each code's centroid, nan where there is none."""
    region = _reference()
    found = adcodes.alias("adcode").to_frame().join(region, on="adcode", how="left", maintain_order="left")
    return found["latitude"].fill_null(np.nan).to_numpy(), found["longitude"].fill_null(np.nan).to_numpy()


def _reference() -> pl.DataFrame:
    region = seeds.load().region.with_columns(pl.col("latitude", "longitude").cast(pl.Float64))
    return region.select("adcode", "level", "latitude", "longitude")


def _far(
    lat: Floats, lon: Floats, own_lat: Floats, own_lon: Floats
) -> tuple[npt.NDArray[np.bool_], Floats, pl.Series]:
    """Whether a point is far from its own centroid, the distance (km), and the nearest district's code."""
    districts = _reference().filter((pl.col("level") == "district") & pl.col("latitude").is_not_null())
    own = kilometres(lat, lon, own_lat, own_lon)
    every = kilometres(
        lat[:, None], lon[:, None],
        districts["latitude"].to_numpy()[None, :], districts["longitude"].to_numpy()[None, :],
    )  # fmt: skip
    nearer = (every < own[:, None]).sum(axis=1)
    at = np.argmin(np.where(np.isfinite(every), every, np.inf), axis=1)
    return (own > _FAR_KM) & (nearer >= _NEARER), own, districts["adcode"].gather(at)


def _unscaled(degrees: Floats) -> Floats:
    """Numbers of a thousand and more as degrees with millionths, or with as many decimals as bring them in
    range."""
    size = np.abs(degrees)
    digits = np.floor(np.log10(np.where(size >= 1000, size, 1000)))
    # Chinese latitudes begin with two digits below 54, longitudes with three from 1, or two from 73 on.
    leading = degrees / 10**digits
    whole = np.where((leading >= 1) & (leading < 1.36), 2, 1)
    return np.where(size >= 1000, degrees / 10 ** (digits - whole), degrees)
