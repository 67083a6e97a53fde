"""What happened to an order, one line an event, the oldest first."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from html import escape
from typing import Any

from app import formats
from app.labels import Labels

GROUPS = {"event": "event", "solved": "event", "request": "request", "decided": "request"}
"""Label group of the code, by kind of line."""


def html(happened: Iterable[Mapping[str, Any]], say: Labels) -> str:
    """The list, from rows of `queries.order.timeline`."""
    return f'<ol class="ly-time">{"".join(_line(row, say) for row in happened)}</ol>'


def _line(row: Mapping[str, Any], say: Labels) -> str:
    name = say.name(GROUPS[row["kind"]], row["code"])
    outcome = say.name("outcome", row["outcome"]) if row["outcome"] else ""
    words = say(f"timeline.{row['kind']}", what=name, outcome=outcome)
    note = f"<small>{escape(say('timeline.derived'))}</small>" if row["is_derived"] else ""
    moment = formats.moment(row["at"]) if row["at"] else formats.NO_DATA
    return (
        f'<li class="ly-{row["kind"]}"><time>{escape(moment)}</time>'
        f"<span>{escape(words.strip(' ·'))}{note}</span></li>"
    )
