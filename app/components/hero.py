"""The answer of the page: the index, how far from its target, and one sentence on what changed and why."""

from __future__ import annotations

from dataclasses import dataclass
from html import escape

from app import formats, sentence
from app.components import icons
from app.labels import Labels
from app.states import state_of


@dataclass(frozen=True)
class Hero:
    """What the answer is made of. `value`, `before` and `target` are index points (0–100)."""

    caption: str
    value: float | None
    before: float | None
    target: float | None
    status: str | None
    kind: str
    parts_with_data: int
    sentence: str


def html(hero: Hero, say: Labels) -> str:
    """The hero block."""
    state = state_of(hero.value, hero.target, hero.status)
    return (
        '<section class="ly-hero">'
        f'<p class="ly-muted">{escape(say("index.title"))} · {escape(hero.caption)}</p>'
        f'<p class="ly-big"><span class="ly-index" data-testid="index">{formats.index(hero.value)}</span>'
        f'<span class="ly-state ly-{state}">{icons.state(state)}{escape(say(f"state.{state}"))}</span></p>'
        f'<p class="ly-sub"><b>{escape(_change(hero, say))}</b><span>{escape(_gap(hero, say))}</span></p>'
        f'<p class="ly-say" data-testid="sentence">{escape(hero.sentence)}</p>'
        "</section>"
    )


def _change(hero: Hero, say: Labels) -> str:
    if hero.value is None:
        return say("index.incomplete", n=hero.parts_with_data)
    if hero.before is None or hero.kind == "total":
        return say("index.no_previous")
    change = hero.value - hero.before
    arrow = "" if abs(change) < sentence.LEVEL else "▲ " if change > 0 else "▼ "
    return say(
        "index.delta",
        previous=say(f"previous.{hero.kind}"),
        delta=f"{arrow}{formats.points(change, say.lang)}",
    )


def _gap(hero: Hero, say: Labels) -> str:
    if hero.target is None:
        return say("index.no_target")
    if hero.value is None:
        return say("part.target", target=formats.index(hero.target))
    gap = hero.target - hero.value
    key = "index.target" if gap > 0 else "index.target_met"
    return say(key, target=formats.index(hero.target), gap=formats.index(abs(gap)))
