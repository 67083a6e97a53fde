"""The event graph as an SVG: the main way from left to right, side ways above it, anomalies below.

Values in, SVG text out. Each node is a button; what opens behind it is the page's business.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from html import escape
from math import log10

WIDTH, HEIGHT = 112, 52
PITCH_X, PITCH_Y = 132, 84
PAD = 12
LANES_ABOVE, LANES_BELOW = 2, 4
NEAR = 0.7
"""Columns that one lane further from the main way is worth, when a place for a node is sought."""
LINE_CHARS = {"zh": 8, "en": 15}
"""Characters of 13 px that fit a node's width."""


@dataclass(frozen=True)
class Node:
    """`seq` orders the catalogue; `count` is what is written under the name; `label` what is heard."""

    code: str
    seq: int
    name: str
    count: str
    label: str
    is_anomaly: bool
    door: str = ""


@dataclass(frozen=True)
class Edge:
    """`kind`: main, side, anomaly, recovery or end. `orders` went this way."""

    source: str
    target: str
    kind: str
    orders: int
    label: str


Places = dict[str, tuple[float, int]]
"""Code → column and lane: lane 0 is the main way, negative ones lie above it."""


def places(nodes: Sequence[Node], edges: Sequence[Edge]) -> Places:
    """A free place near its neighbours for each node; the same for the same catalogue."""
    way = main_way(edges)
    found: Places = {code: (column, 0) for column, code in enumerate(way)}
    taken = {(column, 0) for column in range(len(way))}
    for node in sorted((node for node in nodes if node.code not in found), key=lambda node: node.seq):
        near = [found[code][0] for code in _neighbours(node.code, edges) if code in found]
        wanted = sum(near) / len(near) if near else len(way) / 2
        lanes = range(1, LANES_BELOW + 1) if node.is_anomaly else range(-1, -LANES_ABOVE - 1, -1)
        free = [
            (abs(column - wanted) + NEAR * abs(lane), lane, column)
            for lane in lanes
            for column in range(max(len(way), 1))
            if (column, lane) not in taken
        ]
        if not free:
            continue
        _, lane, column = min(free, key=lambda each: (each[0], abs(each[1]), each[2]))
        taken.add((column, lane))
        found[node.code] = (column, lane)
    return found


def main_way(edges: Iterable[Edge]) -> list[str]:
    """The codes along the edges of kind main, from the one that nothing leads to."""
    following = {edge.source: edge.target for edge in edges if edge.kind == "main"}
    starts = sorted(set(following) - set(following.values()))
    way = starts[:1]
    while way and way[-1] in following and following[way[-1]] not in way:
        way.append(following[way[-1]])
    return way


def svg(nodes: Sequence[Node], edges: Sequence[Edge], title: str, lang: str) -> str:
    """The picture. Colours and fonts stand in pages.css."""
    at = places(nodes, edges)
    lanes = [lane for _, lane in at.values()] or [0]
    top = min(lanes)
    width = PAD * 2 + PITCH_X * max((column for column, _ in at.values()), default=0) + WIDTH
    height = PAD * 2 + PITCH_Y * (max(lanes) - top) + HEIGHT

    def corner(code: str) -> tuple[float, float]:
        column, lane = at[code]
        return PAD + column * PITCH_X, PAD + (lane - top) * PITCH_Y

    most = max((edge.orders for edge in edges), default=1)
    drawn = "".join(
        _edge(edge, corner(edge.source), corner(edge.target), most)
        for edge in sorted(edges, key=lambda edge: (edge.kind == "main", edge.orders))
        if edge.source in at and edge.target in at
    )
    boxes = "".join(_node(node, *corner(node.code), lang) for node in nodes if node.code in at)
    return (
        f'<svg class="ly-graph" viewBox="0 0 {width:.0f} {height:.0f}" role="group"'
        f' aria-label="{escape(title, quote=True)}" style="min-width:{width * 0.82:.0f}px">'
        f"<g>{drawn}</g>{boxes}</svg>"
    )


def _neighbours(code: str, edges: Iterable[Edge]) -> list[str]:
    before = [edge.source for edge in edges if edge.target == code]
    return [*before, *(edge.target for edge in edges if edge.source == code)]


def _edge(edge: Edge, source: tuple[float, float], target: tuple[float, float], most: int) -> str:
    """From side to side where the target stands further right, else from top to bottom or back."""
    (sx, sy), (tx, ty) = source, target
    if tx > sx and ty == sy:
        path = f"M{sx + WIDTH:.0f} {sy + HEIGHT / 2:.0f}H{tx:.0f}"
    else:
        down = ty > sy or (ty == sy and tx < sx)
        ax, ay = sx + WIDTH * (0.5 if tx == sx else 0.72 if tx > sx else 0.28), sy + (HEIGHT if down else 0)
        bx, by = tx + WIDTH * (0.5 if tx == sx else 0.28 if tx > sx else 0.72), ty + (0 if down else HEIGHT)
        if ty == sy:
            by = ty + HEIGHT
        bend = max(24.0, abs(by - ay) / 2)
        turn = bend if ty == sy else (-bend if down else bend)
        ends = f"{ax:.0f} {ay + (bend if down else -bend):.0f} {bx:.0f} {by + turn:.0f}"
        path = f"M{ax:.0f} {ay:.0f}C{ends} {bx:.0f} {by:.0f}"
    walked = "" if edge.orders else " ly-unwalked"
    thick = 1.0 + 3.0 * log10(1 + edge.orders) / max(1.0, log10(1 + most))
    return (
        f'<path class="ly-e-{edge.kind}{walked}" d="{path}" stroke-width="{thick:.1f}">'
        f"<title>{escape(edge.label)}</title></path>"
    )


def _node(node: Node, x: float, y: float, lang: str) -> str:
    lines = wrapped(node.name, LINE_CHARS[lang])
    first = y + (19 if len(lines) == 1 else 16)
    texts = "".join(
        f'<text x="{x + WIDTH / 2:.0f}" y="{first + at * 14:.0f}">{escape(line)}</text>'
        for at, line in enumerate(lines)
    )
    role = f'role="button" tabindex="0" {node.door}' if node.door else 'role="img"'
    return (
        f'<g class="ly-node{" ly-bad" if node.is_anomaly else ""}" {role}'
        f' aria-label="{escape(node.label, quote=True)}">'
        f'<rect x="{x:.0f}" y="{y:.0f}" width="{WIDTH}" height="{HEIGHT}" rx="6"/>{texts}'
        f'<text class="ly-times" x="{x + WIDTH / 2:.0f}" y="{y + HEIGHT - 7:.0f}">{escape(node.count)}</text>'
        f"<title>{escape(node.label)}</title></g>"
    )


def wrapped(name: str, chars: int) -> list[str]:
    """A name in at most two lines, broken at spaces where there are any."""
    if len(name) <= chars:
        return [name]
    if " " not in name:
        return [name[:chars], name[chars : 2 * chars]]
    first = ""
    words = name.split(" ")
    while words and len(f"{first} {words[0]}".strip()) <= chars:
        first = f"{first} {words.pop(0)}".strip()
    return [first, " ".join(words)] if first else [words[0], " ".join(words[1:])]
