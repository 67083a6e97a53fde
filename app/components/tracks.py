"""Rows of a name, a track and a number: dots against a target, spans, bars from zero.

One panel has one scale. A row is a button where something stands behind it.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from html import escape

from app.components.answer import word
from app.labels import Labels
from app.states import State

ROOM = 0.06
"""Share of a scale left free below the lowest dot, so that it does not touch the frame."""


@dataclass(frozen=True)
class Row:
    """`at`: where the dot stands (a span's or bar's beginning and end: `at` and `to`); None draws none.

    `number` and `note` are what is read; `door` as in `Doors.hang`.
    """

    name: str
    at: float | None
    number: str
    note: str = ""
    to: float | None = None
    state: State | None = None
    door: str = ""


@dataclass(frozen=True)
class Scale:
    """What the track spans, its thin line (a target or limit), and how its two ends and the line read."""

    low: float
    high: float
    line: float | None
    ends: tuple[str, str]
    line_words: str = ""

    def place(self, value: float) -> float:
        """Per cent of the track, 0 to 100."""
        spread = (self.high - self.low) or 1.0
        return min(100.0, max(0.0, 100 * (value - self.low) / spread))


def reach(
    values: Sequence[float | None], line: float | None, top: float | None = None
) -> tuple[float, float]:
    """Low and high of a scale over these values; `top` fixes the upper end. 0 and 1 where none is known."""
    known = [value for value in [*values, line] if value is not None]
    if not known:
        return 0.0, 1.0
    high = max(known) if top is None else top
    low = min(known)
    return max(0.0, low - ROOM * ((high - low) or 1.0)), high


def dots(rows: Sequence[Row], scale: Scale, say: Labels) -> str:
    """A dot on each row; the thin line is what it is held against."""
    return _list(rows, scale, say, lambda row: _dot(scale, row.at, row.state))


def spans(rows: Sequence[Row], scale: Scale, say: Labels) -> str:
    """A line from `at` to `to`, a dot at the first, a ring at the second."""

    def drawn(row: Row) -> str:
        if row.at is None or row.to is None:
            return ""
        left, right = scale.place(row.at), scale.place(row.to)
        line = f'<i class="ly-span" style="left:{left:.1f}%;width:{max(0.0, right - left):.1f}%"></i>'
        ring = f'<i class="ly-dot ly-ring" style="left:{right:.1f}%"></i>'
        return line + ring + _dot(scale, row.at, row.state)

    return _list(rows, scale, say, drawn)


def bars(rows: Sequence[Row], scale: Scale, say: Labels) -> str:
    """A bar from zero to `at`."""

    def drawn(row: Row) -> str:
        if row.at is None:
            return ""
        return f'<i class="ly-fill" style="width:{scale.place(row.at):.1f}%"></i>'

    return _list(rows, scale, say, drawn)


def panel(title: str, note: str, body: str, size: int = 4, hint: str = "") -> str:
    """A card of `size` twelfths: what it says as its title, then the body."""
    small = f"<small>{escape(note)}</small>" if note else ""
    under = f'<p class="ly-muted ly-hint">{escape(hint)}</p>' if hint else ""
    head = f'<h2 class="ly-h2">{escape(title)}{small}</h2>'
    return f'<section class="ly-card ly-s{size}">{head}{body}{under}</section>'


def link(words: str, door: str) -> str:
    """A line that opens rows; empty where there are none."""
    return f'<p><button type="button" class="ly-link" {door}>{escape(words)} ›</button></p>' if door else ""


def empty(words: str) -> str:
    """What stands in a panel that has nothing to show."""
    return f'<p class="ly-none">{escape(words)}</p>'


def _list(rows: Sequence[Row], scale: Scale, say: Labels, drawn: Callable[[Row], str]) -> str:
    if not rows:
        return empty(say("room.none"))
    line = (
        "" if scale.line is None else f'<i class="ly-line" style="left:{scale.place(scale.line):.1f}%"></i>'
    )
    items = "".join(_item(row, f'<span class="ly-track">{line}{drawn(row)}</span>', say) for row in rows)
    axis = (
        '<li class="ly-axis" aria-hidden="true"><span></span>'
        f"<span><i>{escape(scale.ends[0])}</i><i>{escape(scale.ends[1])}</i></span><span></span></li>"
    )
    return f'<ul class="ly-rows">{items}{axis}</ul>{_line_words(scale)}'


def _line_words(scale: Scale) -> str:
    if not scale.line_words:
        return ""
    return f'<p class="ly-muted ly-hint"><i class="ly-sign"></i>{escape(scale.line_words)}</p>'


def _item(row: Row, track: str, say: Labels) -> str:
    note = f"<small>{escape(row.note)}</small>" if row.note else ""
    inner = (
        f'<span class="ly-name"><b>{escape(row.name)}</b>{note}</span>{track}'
        f'<span class="ly-value">{escape(row.number)}{word(row.state, say)}</span>'
    )
    if not row.door:
        return f'<li><div class="ly-row">{inner}</div></li>'
    told = [row.number, *([say(f"state.{row.state}")] if row.state else []), row.note]
    label = say("door.open", what=row.name, number=say("say.list").join(each for each in told if each))
    return (
        f'<li><button type="button" class="ly-row" {row.door}'
        f' aria-label="{escape(label, quote=True)}">{inner}</button></li>'
    )


def _dot(scale: Scale, at: float | None, state: State | None) -> str:
    if at is None:
        return ""
    return f'<i class="ly-dot ly-{state or "plain"}" style="left:{scale.place(at):.1f}%"></i>'
