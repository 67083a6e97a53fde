"""How the index went from the last period to this one, part by part: an ECharts option.

Bars float from level to level; both ends are marks, not bars, because the axis does not begin at zero.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import accumulate
from typing import Any

from app.charts.palette import Palette

THINNEST = 0.004
"""Share of the axis that a bar is drawn with at least, so that a change of nearly nothing is still seen."""
LEAST_RANGE = 1.0
"""Index points that the axis spans at least, so that a quiet week does not look like a landslide."""
TEXT = 13
END_TEXT = 16


def option(
    before: float,
    now: float,
    steps: Sequence[tuple[str, float, str]],
    names: tuple[str, str],
    palette: Palette,
) -> dict[str, Any]:
    """`steps` are (part, contribution in index points, its printed form); `names` the two ends' names."""
    levels = list(accumulate((value for _, value, _ in steps), initial=before))
    low, high = min(*levels, now), max(*levels, now)
    span = max((high - low) * 1.3, LEAST_RANGE)
    floor = (low + high - span) / 2
    base: list[float | None] = [None]
    rise: list[dict[str, Any] | None] = [None]
    for (_, value, printed), start in zip(steps, levels, strict=False):
        base.append(min(start, start + value) - floor)
        rise.append(
            {
                "value": max(abs(value), span * THINNEST),
                "itemStyle": {"color": palette.up if value >= 0 else palette.down},
                "label": {"formatter": printed},
            }
        )
    bars = {"type": "bar", "stack": "level", "silent": True, "barWidth": "46%"}
    ends = [(0, before), (len(steps) + 1, now)]
    return {
        "animation": False,
        "grid": {"left": 0, "right": 0, "top": 30, "bottom": 46},
        "xAxis": {
            "type": "category",
            "data": [names[0], *(name for name, _, _ in steps), names[1]],
            "axisTick": {"show": False},
            "axisLine": {"lineStyle": {"color": palette.rule}},
            "axisLabel": {
                "color": palette.muted,
                "fontSize": TEXT,
                "lineHeight": 17,
                "interval": 0,
                "width": 92,
                "overflow": "break",
            },
        },
        "yAxis": {"type": "value", "show": False, "min": 0, "max": span},
        "series": [
            {**bars, "data": [*base, None], "itemStyle": {"color": "transparent"}},
            {**bars, "data": [*rise, None], "label": _label(TEXT, palette)},
            {
                "type": "scatter",
                "silent": True,
                "symbol": "rect",
                "symbolSize": [56, 3],
                "itemStyle": {"color": palette.accent, "opacity": 1},
                "label": _label(END_TEXT, palette),
                "data": [{"value": [at, v - floor], "label": {"formatter": f"{v:.1f}"}} for at, v in ends],
            },
        ],
    }


def _label(size: int, palette: Palette) -> dict[str, Any]:
    weight = 600 if size > TEXT else 400
    return {"show": True, "position": "top", "color": palette.text, "fontSize": size, "fontWeight": weight}
