"""One of the five parts: weight, rate, state word, target, sparkline, contribution, trust line."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from html import escape
from typing import Any

from app import formats
from app.charts import sparkline
from app.components import icons
from app.labels import Labels
from app.states import State, Trust, state_of, worst


def html(
    kpi: str,
    row: Mapping[str, Any],
    history: Sequence[float | None],
    sources: Sequence[Mapping[str, Any]],
    say: Labels,
) -> str:
    """The card. `row` is the part's row of rpt_experience_index, `history` its rates (0–1), oldest first."""
    value = row.get("value")
    state = state_of(value, row.get("target"), row.get("status"))
    weight = formats.weight(row.get("weight"))
    return (
        f'<article class="ly-part" data-kpi="{kpi}"><h3>{escape(say(f"kpi.{kpi}"))}'
        f'<small title="{escape(say("part.weight", weight=weight))}">{weight}</small></h3>'
        f'<p class="ly-rate"><span data-testid="rate">{formats.percent(value)}</span>'
        f'<span class="ly-state ly-{state}">{icons.state(state)}{escape(say(f"state.{state}"))}</span></p>'
        f"{_middle(kpi, row, state, history, say)}"
        f"{_trust(row, sources, say)}"
        "</article>"
    )


def _middle(
    kpi: str, row: Mapping[str, Any], state: State, history: Sequence[float | None], say: Labels
) -> str:
    if state is State.INCOMPLETE:
        return f'<p class="ly-need">{escape(say(f"need.{kpi}"))}</p>'
    known = [value for value in history if value is not None]
    described = ""
    if known:
        described = say(
            "part.trend",
            part=say(f"kpi.{kpi}"),
            n=len(known),
            first=formats.percent(known[0]),
            last=formats.percent(known[-1]),
        )
    target = row.get("target")
    aim = say("part.target", target=formats.percent(target)) if target is not None else say("index.no_target")
    contribution = formats.points(row.get("contribution"), say.lang, 2, unit=False)
    return (
        f'<p class="ly-aim ly-muted">{escape(aim)}</p>'
        f'<div class="ly-move">{sparkline.html(history, described)}'
        f'<span class="ly-step"><small>{escape(say("part.contribution"))}</small>{contribution}</span></div>'
    )


def _trust(row: Mapping[str, Any], sources: Sequence[Mapping[str, Any]], say: Labels) -> str:
    trust = worst(source["trust_status"] for source in sources)
    concerned = [source for source in sources if source["trust_status"] == trust]
    absent = [source for source in concerned if source["note_code"] == "feed_missing"]
    ages = [source["age_hours"] for source in concerned if source["age_hours"] is not None]
    words = say(
        _line(trust, bool(absent), row.get("coverage") is not None),
        feeds=say("say.list").join(say.name("feed", source["source_feed"]) for source in absent or concerned),
        age=formats.age(max(ages, default=None), say.lang),
        coverage=formats.percent(row.get("coverage")),
    )
    tone = "ok" if trust is Trust.TRUSTED else "warn"
    return f'<p class="ly-trust ly-{tone}">{icons.trust(trust)}{escape(words)}</p>'


def _line(trust: Trust, has_absent: bool, has_coverage: bool) -> str:
    if trust is Trust.MISSING and not has_absent:
        return "trust.line.empty"
    if trust is Trust.TRUSTED and not has_coverage:
        return "trust.trusted"
    return f"trust.line.{trust}"
