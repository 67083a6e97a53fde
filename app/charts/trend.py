"""The index over the last 90 days, with its target as a thin line: an ECharts option."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from app.charts.palette import Palette

HEADROOM = 1.5
"""Index points left free above the highest and below the lowest value, so that no line touches the frame."""
DATE_LABELS = 6
"""Dates written under the line, about."""
ALONE = 5
"""Pixels of a value between two gaps: a line cannot show it."""
TEXT = 13


def option(
    points: Sequence[tuple[date, float | None]],
    target: float | None,
    target_label: str,
    value_label: str,
    palette: Palette,
) -> dict[str, Any]:
    """`points` oldest first, index 0–100, None (a gap) where a part was missing; at least one is known."""
    days = [f"{day:%m-%d}" for day, _ in points]
    values = [None if value is None else round(value, 1) for _, value in points]
    alone = [
        value is not None and (before is None and after is None)
        for before, value, after in zip([None, *values], values, [*values[1:], None], strict=False)
    ]
    last = max(i for i, value in enumerate(values) if value is not None)
    bounds = [value for value in [*values, target] if value is not None]
    muted = {"color": palette.muted, "fontSize": TEXT}
    line: dict[str, Any] = {
        "type": "line",
        "name": value_label,
        "data": [
            {"value": value, "symbolSize": ALONE if is_alone else 0}
            for value, is_alone in zip(values, alone, strict=True)
        ],
        "connectNulls": False,
        "symbol": "circle",
        "lineStyle": {"width": 2, "color": palette.accent},
        "itemStyle": {"color": palette.accent},
        "markPoint": {
            "silent": True,
            "symbol": "circle",
            "symbolSize": 7,
            "data": [{"coord": [days[last], values[last]]}],
            "label": {
                "formatter": f"{values[last]:.1f}",
                "position": "right",
                "color": palette.text,
                "fontSize": TEXT,
                "fontWeight": 600,
            },
        },
    }
    if target is not None:
        line["markLine"] = {
            "silent": True,
            "symbol": "none",
            "lineStyle": {"type": "dashed", "width": 1, "color": palette.muted},
            "label": {"formatter": target_label, "position": "end", **muted},
            "data": [{"yAxis": target}],
        }
    return {
        "animation": False,
        "grid": {"left": 32, "right": 80, "top": 14, "bottom": 26},
        "tooltip": {"trigger": "axis", "valueFormatter": "%.1f"},
        "xAxis": {
            "type": "category",
            "data": days,
            "boundaryGap": False,
            "axisTick": {"show": False},
            "axisLine": {"lineStyle": {"color": palette.rule}},
            "axisLabel": {"interval": max(0, round(len(days) / DATE_LABELS) - 1), **muted},
        },
        "yAxis": {
            "type": "value",
            "min": round(min(bounds) - HEADROOM),
            "max": round(max(bounds) + HEADROOM),
            "splitNumber": 3,
            "axisLabel": {"showMinLabel": False, "showMaxLabel": False, **muted},
            "splitLine": {"lineStyle": {"color": palette.rule}, "showMaxLine": False},
        },
        "series": [line],
    }
