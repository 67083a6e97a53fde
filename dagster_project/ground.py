"""Centres of the divisions of the region reference, read once: what a map is drawn
over. The door from app/ to the reference of addresses."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache

DISTRICT_DIGITS = "00"
"""An adcode that ends so is a province or city, not a district."""


@cache
def centres() -> Mapping[str, tuple[float, float]]:
    """Latitude and longitude by adcode."""
    import polars as pl

    from identity.addresses import seeds

    at = pl.col("latitude", "longitude").cast(pl.Float64, strict=False)
    region = seeds.load().region.select("adcode", at).drop_nulls()
    return {code: (latitude, longitude) for code, latitude, longitude in region.iter_rows()}


@cache
def districts() -> tuple[tuple[float, float], ...]:
    """The centres of districts alone."""
    return tuple(at for code, at in centres().items() if not code.endswith(DISTRICT_DIGITS))
