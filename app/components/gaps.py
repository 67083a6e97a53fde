"""Where the distance to the target lies, one bar a part: for periods without one before to compare with."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from html import escape
from typing import Any

from app import formats
from app.labels import Labels
from app.states import State, state_of


def html(parts: Mapping[str, Mapping[str, Any]], order: Sequence[str], say: Labels) -> str:
    """Rows of part, bar and points of the index that the part lies under its target (weight × gap)."""
    gaps = {kpi: _gap(parts.get(kpi, {})) for kpi in order}
    widest = max((gap for gap in gaps.values() if gap is not None), default=0) or 1
    return (
        '<div class="ly-gaps">'
        + "".join(_row(kpi, gaps[kpi], widest, parts, say) for kpi in order)
        + "</div>"
    )


def _gap(row: Mapping[str, Any]) -> float | None:
    value, target, weight = row.get("value"), row.get("target"), row.get("weight")
    if value is None or target is None or weight is None:
        return None
    return max(0.0, 100 * weight * (target - value))


def _row(
    kpi: str, gap: float | None, widest: float, parts: Mapping[str, Mapping[str, Any]], say: Labels
) -> str:
    row = parts.get(kpi, {})
    state = state_of(row.get("value"), row.get("target"), row.get("status"))
    words = formats.points(-gap, say.lang, 2, unit=False) if gap else say(f"state.{state}")
    width = 0 if gap is None else 100 * gap / widest
    tone = state if gap else State.ON_TARGET if gap == 0 else State.INCOMPLETE
    return (
        f"<span>{escape(say(f'short.{kpi}'))}</span>"
        f'<i class="ly-bar ly-{tone}"><b style="width:{width:.1f}%"></b></i>'
        f"<span>{escape(words)}</span>"
    )
