"""A map of where orders go and who serves them, as an SVG.

Every district of the reference is a grey dot, so that the country shows without any map file; orders are
circles, what nobody serves a triangle, resources squares. Values in, SVG text out.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from html import escape
from math import cos, radians, sqrt

WIDTH = 900
WEST, EAST, SOUTH, NORTH = 73.0, 135.5, 17.5, 54.0
"""What is drawn, in degrees: the mainland, Hainan and Taiwan."""
SCALE = WIDTH / (EAST - WEST)
STRETCH = 1 / cos(radians(36))
"""Degrees of latitude are this much longer than those of longitude in the middle of the picture."""
HEIGHT = round((NORTH - SOUTH) * SCALE * STRETCH)
LARGEST, SMALLEST = 15.0, 3.0
"""Radius of the division with most orders, and of one with a single order."""

Point = tuple[float, float]
"""Latitude, longitude."""


@dataclass(frozen=True)
class Place:
    """A division with orders; `label` is what is read and heard; `door` as in `Doors.hang`."""

    at: Point
    orders: int
    is_gap: bool
    label: str
    door: str = ""


@dataclass(frozen=True)
class Resource:
    """Who serves, and what is read of it."""

    at: Point
    label: str


def svg(base: Iterable[Point], places: Sequence[Place], resources: Sequence[Resource], title: str) -> str:
    """The map. Colours stand in the pages' style sheet."""
    most = max((place.orders for place in places), default=1)
    ground = "".join(f"M{x:.0f} {y:.0f}h0" for x, y in map(_placed, base))
    drawn = "".join(_place(place, most) for place in sorted(places, key=lambda place: -place.orders))
    squares = "".join(_resource(resource) for resource in resources)
    return (
        f'<svg class="ly-map" viewBox="0 0 {WIDTH} {HEIGHT}" role="group"'
        f' aria-label="{escape(title, quote=True)}">'
        f'<path class="ly-ground" d="{ground}"/>{drawn}{squares}</svg>'
    )


def _placed(at: Point) -> Point:
    latitude, longitude = at
    return (longitude - WEST) * SCALE, (NORTH - latitude) * SCALE * STRETCH


def _place(place: Place, most: int) -> str:
    x, y = _placed(place.at)
    size = SMALLEST + (LARGEST - SMALLEST) * sqrt(place.orders / most)
    shape = f'<circle cx="{x:.1f}" cy="{y:.1f}" r="{size:.1f}"/>'
    if place.is_gap:
        shape = f'<path d="M{x:.1f} {y - size:.1f}l{size:.1f} {1.75 * size:.1f}h{-2 * size:.1f}z"/>'
    role = f'role="button" tabindex="0" {place.door}' if place.door else 'role="img"'
    label = escape(place.label, quote=True)
    return (
        f'<g class="ly-place{" ly-gap" if place.is_gap else ""}" {role} aria-label="{label}">{shape}'
        f"<title>{label}</title></g>"
    )


def _resource(resource: Resource) -> str:
    x, y = _placed(resource.at)
    return (
        f'<rect class="ly-who" x="{x - 3.5:.1f}" y="{y - 3.5:.1f}" width="7" height="7">'
        f"<title>{escape(resource.label)}</title></rect>"
    )
