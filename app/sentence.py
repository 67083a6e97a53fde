"""The one sentence under the index: what changed, which parts moved it, which is furthest from its target.

Speaks from published contributions, rates and targets; computes no KPI.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from app import formats
from app.labels import Labels

SMALL = "small_sample"
LEVEL = 0.05
"""Index points: less than half of the last printed digit counts as no change."""


def compose(
    parts: Mapping[str, Mapping[str, Any]],
    order: Sequence[str],
    *,
    change: float | None,
    kind: str,
    period: str,
    say: Labels,
) -> str:
    """The sentence. `parts` are rows of rpt_experience_index by kpi, `change` in index points or None."""
    missing = [kpi for kpi in order if _number(parts, kpi, "value") is None]
    if missing:
        names = say("say.list").join(_name(kpi, say) for kpi in missing)
        return say("say.missing", period=period, parts=names)
    said = [_moved(parts, order, change, kind, say), _furthest(parts, order, say), _small(parts, order, say)]
    return ("" if say.lang == "zh" else " ").join(piece.strip() for piece in said if piece)


def _moved(
    parts: Mapping[str, Mapping[str, Any]],
    order: Sequence[str],
    change: float | None,
    kind: str,
    say: Labels,
) -> str:
    if change is None:
        return say("say.no_previous")
    direction = "flat" if abs(change) < LEVEL else "up" if change > 0 else "down"
    size = formats.points(abs(change), say.lang).lstrip("+")
    said = [say(f"say.{direction}", previous=say(f"previous.{kind}"), size=size)]
    steps = [(value, kpi) for kpi in order if (value := _number(parts, kpi, "contribution")) is not None]
    if steps:
        (least, drag), (most, lift) = min(steps), max(steps)
        movers = [("say.lift", most, lift)] if most >= LEVEL else []
        if least <= -LEVEL:
            movers.append(("say.drag", least, drag))
        if direction == "down":
            movers.reverse()
        said += [
            say(key, part=_name(kpi, say), points=formats.points(value, say.lang, 2, unit=False))
            for key, value, kpi in movers
        ]
    return say("say.comma").join(said) + say("say.stop")


def _furthest(parts: Mapping[str, Mapping[str, Any]], order: Sequence[str], say: Labels) -> str:
    gaps = [
        (target - value, kpi)
        for kpi in order
        if parts[kpi].get("status") != SMALL
        and (target := _number(parts, kpi, "target")) is not None
        and (value := _number(parts, kpi, "value")) is not None
    ]
    if not gaps:
        return ""
    gap, kpi = max(gaps)
    if gap <= 0:
        return say("say.all_met") if len(gaps) == len(order) else ""
    row = parts[kpi]
    return say(
        "say.furthest",
        part=_name(kpi, say),
        rate=formats.percent(row["value"]),
        target=formats.percent(row["target"]),
    )


def _small(parts: Mapping[str, Mapping[str, Any]], order: Sequence[str], say: Labels) -> str:
    names = [_name(kpi, say) for kpi in order if parts[kpi].get("status") == SMALL]
    return say("say.small", parts=say("say.list").join(names)) if names else ""


def _number(parts: Mapping[str, Mapping[str, Any]], kpi: str, column: str) -> float | None:
    value = parts.get(kpi, {}).get(column)
    return None if value is None else float(value)


def _name(kpi: str, say: Labels) -> str:
    """A part's name inside a sentence: in English without its capital, unless it opens with an acronym."""
    name = say(f"kpi.{kpi}")
    return name if name[1:2].isupper() else name[:1].lower() + name[1:]
