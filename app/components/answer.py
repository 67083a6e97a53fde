"""The answer of a page: question, one number with state and comparison, one sentence, some figures."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from html import escape

from app.components import icons
from app.labels import Labels
from app.states import State


@dataclass(frozen=True)
class Figure:
    """A named number: `number` as it is read, with its unit; `note` what it is compared with or counted from;
    `door` the attribute of `Doors.hang`, empty where it opens nothing."""

    name: str
    number: str
    note: str
    door: str = ""
    state: State | None = None


@dataclass(frozen=True)
class Answer:
    """`figure` is the one number of the page; `facts` stand under it, the first in bold."""

    question: str
    figure: Figure
    facts: Sequence[str]
    sentence: str


def html(answer: Answer, figures: Sequence[Figure], say: Labels) -> str:
    """The first card of a page."""
    figure = answer.figure
    first, *others = [*answer.facts, ""]
    facts = f"<b>{escape(first)}</b>" + "".join(f"<span>{escape(fact)}</span>" for fact in others if fact)
    return (
        '<section class="ly-card ly-top"><div class="ly-hero">'
        f'<h2 class="ly-question">{escape(answer.question)}</h2>'
        f'<p class="ly-muted">{escape(figure.name)}</p>'
        f'<p class="ly-big">{_number(figure, "ly-index", say, "answer")}{word(figure.state, say)}</p>'
        f'<p class="ly-sub">{facts}</p>'
        f'<p class="ly-say" data-testid="sentence">{escape(answer.sentence)}</p></div>'
        f'<div class="ly-figures">{"".join(_figure(each, say) for each in figures)}</div></section>'
    )


def word(state: State | None, say: Labels) -> str:
    """A state's shape and word; empty for none."""
    if state is None:
        return ""
    return f'<span class="ly-state ly-{state}">{icons.state(state)}{escape(say(f"state.{state}"))}</span>'


def _figure(figure: Figure, say: Labels) -> str:
    return (
        f'<div class="ly-figure"><p class="ly-muted">{escape(figure.name)}</p>'
        f"<p>{_number(figure, 'ly-n', say)}{word(figure.state, say)}</p>"
        f'<p class="ly-muted">{escape(figure.note)}</p></div>'
    )


def _number(figure: Figure, style: str, say: Labels, test_id: str = "figure") -> str:
    if not figure.door:
        return f'<span class="{style}" data-testid="{test_id}">{escape(figure.number)}</span>'
    label = escape(say("door.open", what=figure.name, number=figure.number), quote=True)
    return (
        f'<button type="button" class="{style}" data-testid="{test_id}" {figure.door}'
        f' aria-label="{label}">{escape(figure.number)}</button>'
    )
