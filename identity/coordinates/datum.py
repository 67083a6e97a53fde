"""Datums of Chinese maps: GCJ-02 (高德, 腾讯), BD-09 (百度) and WGS-84 (GPS), turned into each other and told
apart.

The formulas are the ones in public use for GCJ-02 (Krasovsky 1940 ellipsoid) and BD-09; turned back they
agree to a metre. Near a few lines GCJ-02 moves a point by less than a hundred metres. Outside
China all three are one.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import polars as pl

Floats = npt.NDArray[np.float64]
DATUMS = ("WGS-84", "GCJ-02", "BD-09")
EARTH_KM = 6371.0088
_AXIS_M, _ECCENTRICITY = 6378245.0, 0.00669342162296594323
_BD_TURN = np.pi * 3000.0 / 180.0
_ROUNDS = 6
"""Steps of the way back; each brings it some hundred times nearer."""
_CLEAR_M = 150.0
"""A point and the one it is held against agree within so many metres, or tell nothing of the datum."""
_CLEARLY = 0.5
"""The best datum leaves at most this share of what the next best leaves."""


def to_wgs84(latitude: Floats, longitude: Floats, datum: str) -> tuple[Floats, Floats]:
    """Degrees in the datum → degrees in WGS-84. ValueError for a datum that is not in `DATUMS`."""
    if datum not in DATUMS:
        raise ValueError(f"{datum}: no such datum; there are {', '.join(DATUMS)}")
    if datum == "BD-09":
        latitude, longitude = _bd_to_gcj(latitude, longitude)
    if datum == "WGS-84":
        return latitude, longitude
    lat, lon = latitude.copy(), longitude.copy()
    for _ in range(_ROUNDS):
        there_lat, there_lon = from_wgs84(lat, lon, "GCJ-02")
        lat, lon = lat + latitude - there_lat, lon + longitude - there_lon
    return lat, lon


def from_wgs84(latitude: Floats, longitude: Floats, datum: str) -> tuple[Floats, Floats]:
    """Degrees in WGS-84 → degrees in the datum."""
    if datum == "WGS-84":
        return latitude, longitude
    x, y = longitude - 105.0, latitude - 35.0
    root = np.sqrt(np.abs(x))
    waves = (np.sin(6 * x * np.pi) + np.sin(2 * x * np.pi)) * 20
    north = -100 + 2 * x + 3 * y + 0.2 * y * y + 0.1 * x * y + 0.2 * root
    north += (waves + (np.sin(y * np.pi) * 20 + np.sin(y / 3 * np.pi) * 40)) * 2 / 3
    north += (np.sin(y / 12 * np.pi) * 160 + np.sin(y * np.pi / 30) * 320) * 2 / 3
    east = 300 + x + 2 * y + 0.1 * x * x + 0.1 * x * y + 0.1 * root
    east += (waves + (np.sin(x * np.pi) * 20 + np.sin(x / 3 * np.pi) * 40)) * 2 / 3
    east += (np.sin(x / 12 * np.pi) * 150 + np.sin(x / 30 * np.pi) * 300) * 2 / 3
    angle = np.radians(latitude)
    bend = 1 - _ECCENTRICITY * np.sin(angle) ** 2
    lat = latitude + np.degrees(north * bend**1.5 / (_AXIS_M * (1 - _ECCENTRICITY)))
    lon = longitude + np.degrees(east * np.sqrt(bend) / (_AXIS_M * np.cos(angle)))
    at_home = in_china(latitude, longitude)
    lat, lon = np.where(at_home, lat, latitude), np.where(at_home, lon, longitude)
    return (lat, lon) if datum == "GCJ-02" else _gcj_to_bd(lat, lon)


def in_china(latitude: Floats, longitude: Floats) -> npt.NDArray[np.bool_]:
    """Whether degrees lie in the box around China."""
    return (latitude > 3.5) & (latitude < 54.0) & (longitude > 73.0) & (longitude < 136.0)


def kilometres(
    latitude: Floats, longitude: Floats, other_latitude: Floats, other_longitude: Floats
) -> Floats:
    """Great-circle distance (haversine), arrays that fit each other."""
    one, other = np.radians(latitude), np.radians(other_latitude)
    half = np.sin((other - one) / 2) ** 2
    half = half + np.cos(one) * np.cos(other) * np.sin(np.radians(other_longitude - longitude) / 2) ** 2
    return 2 * EARTH_KM * np.arcsin(np.sqrt(np.clip(half, 0, 1)))


def recognise(frame: pl.DataFrame) -> pl.DataFrame:
    """In which datum points are written, by points of the same places that are known in WGS-84.

    Reads latitude, longitude, known_latitude, known_longitude (degrees); gives one row a row: datum (null
    where none fits within 150 m, or two fit alike), wgs84_latitude, wgs84_longitude (null with it),
    residual_m.
    """
    names = ("latitude", "longitude", "known_latitude", "known_longitude")
    lat, lon, true_lat, true_lon = (frame[name].cast(pl.Float64).to_numpy() for name in names)
    points = [to_wgs84(lat, lon, datum) for datum in DATUMS]
    left = np.stack([kilometres(*point, true_lat, true_lon) * 1000 for point in points])
    usable = np.isfinite(left).all(axis=0)
    left = np.where(usable, left, np.inf)
    order = np.sort(left, axis=0)
    best = np.argmin(left, axis=0)
    sure = usable & (order[0] <= _CLEAR_M) & (order[0] <= _CLEARLY * order[1])
    rows = np.arange(best.size)
    mended = np.stack([np.stack(point) for point in points])
    return pl.DataFrame(
        {
            "datum": pl.Series([*DATUMS]).gather(best) if best.size else pl.Series([], dtype=pl.String),
            "wgs84_latitude": mended[best, 0, rows],
            "wgs84_longitude": mended[best, 1, rows],
            "residual_m": np.where(usable, order[0], np.nan).round(1),
            "sure": sure,
        }
    ).select(
        *(pl.when("sure").then(name).alias(name) for name in ("datum", "wgs84_latitude", "wgs84_longitude")),
        pl.col("residual_m").fill_nan(None),
    )


def _gcj_to_bd(latitude: Floats, longitude: Floats) -> tuple[Floats, Floats]:
    radius = np.hypot(longitude, latitude) + 0.00002 * np.sin(latitude * _BD_TURN)
    turn = np.arctan2(latitude, longitude) + 0.000003 * np.cos(longitude * _BD_TURN)
    return radius * np.sin(turn) + 0.006, radius * np.cos(turn) + 0.0065


def _bd_to_gcj(latitude: Floats, longitude: Floats) -> tuple[Floats, Floats]:
    y, x = latitude - 0.006, longitude - 0.0065
    radius = np.hypot(x, y) - 0.00002 * np.sin(y * _BD_TURN)
    turn = np.arctan2(y, x) - 0.000003 * np.cos(x * _BD_TURN)
    return radius * np.sin(turn), radius * np.cos(turn)
