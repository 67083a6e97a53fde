"""Draws seconds against the length of the ledger: `python -m benchmarks.inventory_chart FIGURES OUT.svg`.

FIGURES is what `luyue bench inventory --json` printed. Nothing is measured here.
"""

from __future__ import annotations

import json
import math
import sys
from pathlib import Path
from typing import Any

WIDTH, HEIGHT, LEFT, RIGHT, TOP, BOTTOM = 720, 380, 64, 230, 24, 48
SERIES = {
    "full refresh": ("full refresh 全量重建", "#7f1d1d"),
    "recompute": ("recompute 重算", "#b4532a"),
    "usual": ("usual incremental 常规增量", "#8a6fb0"),
    "polars": ("Polars", "#7a8794"),
    "pandas": ("pandas", "#a9b3bc"),
    "luyue": ("luyue 履约", "#0f766e"),
    "plain": ("plain SQL 手写", "#94a3b8"),
}


def svg(figures: dict[str, Any]) -> str:
    """The chart: both axes logarithmic, a line a way, its seconds at each length."""
    ledgers = {int(rows): result for rows, result in figures["ledgers"].items()}
    lengths = sorted(ledgers)
    found = {
        name: [(rows, ledgers[rows][name]["seconds"]) for rows in lengths if name in ledgers[rows]]
        for name in SERIES
    }
    seconds = [value for points in found.values() for _, value in points]
    low, high = math.floor(math.log10(min(seconds))), math.ceil(math.log10(max(seconds)))

    def x(rows: int) -> float:
        first, last = math.log10(lengths[0]), math.log10(lengths[-1])
        return LEFT + (math.log10(rows) - first) / ((last - first) or 1) * (WIDTH - LEFT - RIGHT)

    def y(value: float) -> float:
        return TOP + (high - math.log10(value)) / ((high - low) or 1) * (HEIGHT - TOP - BOTTOM)

    parts = [_tick(LEFT - 8, y(10.0**n), f"{10.0**n:g} s", "end") for n in range(low, high + 1)]
    parts += [_rule(y(10.0**n)) for n in range(low, high + 1)]
    parts += [_tick(x(rows), HEIGHT - BOTTOM + 24, f"{rows:,}", "middle") for rows in lengths]
    last_y = -100.0
    for name, points in sorted(found.items(), key=lambda item: -max([v for _, v in item[1]], default=0)):
        if points:
            at = max(y(points[-1][1]), last_y + 15)
            parts.append(_line(name, [(x(rows), y(value), value) for rows, value in points], at))
            last_y = at
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}" font-family="sans-serif" '
        f'font-size="12"><rect width="{WIDTH}" height="{HEIGHT}" fill="#ffffff"/>'
        + "".join(parts)
        + "</svg>\n"
    )


def _tick(x: float, y: float, text: str, anchor: str) -> str:
    return f'<text x="{x:.0f}" y="{y + 4:.0f}" text-anchor="{anchor}" fill="#475569">{text}</text>'


def _rule(y: float) -> str:
    return f'<line x1="{LEFT}" x2="{WIDTH - RIGHT}" y1="{y:.0f}" y2="{y:.0f}" stroke="#e2e8f0"/>'


def _line(name: str, points: list[tuple[float, float, float]], label_y: float) -> str:
    label, colour = SERIES[name]
    path = " ".join(f"{x:.1f},{y:.1f}" for x, y, _ in points)
    dots = "".join(f'<circle cx="{x:.1f}" cy="{y:.1f}" r="3.5" fill="{colour}"/>' for x, y, _ in points)
    text = f"{label} {points[-1][2]:.2f} s"
    end = points[-1][0] + 10
    return (
        f'<polyline points="{path}" fill="none" stroke="{colour}" stroke-width="2"/>{dots}'
        f'<text x="{end:.0f}" y="{label_y + 4:.0f}" fill="{colour}">{text}</text>'
    )


if __name__ == "__main__":
    Path(sys.argv[2]).write_text(svg(json.loads(Path(sys.argv[1]).read_text("utf-8"))), encoding="utf-8")
