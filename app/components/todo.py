"""Three things to do first: one row each, what, where, how many, how much, and the next step."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from html import escape
from typing import Any

from app import formats
from app.labels import Labels

HOUR_SECONDS = 3600


def html(rank: int, group: Mapping[str, Any], as_of: datetime, say: Labels) -> str:
    """One row of the list, from a row of `queries.actions.first`."""
    hours = (as_of - group["oldest_at"]).total_seconds() / HOUR_SECONDS
    facts = [say("todo.count", n=formats.count(group["orders"], say.lang))]
    if group["paid_amount_cny"] is not None:
        facts.append(formats.money(group["paid_amount_cny"], say.lang))
    facts.append(say("todo.since", age=formats.age(hours, say.lang)))
    return (
        f'<div class="ly-todo"><b class="ly-rank">{rank}</b><div>'
        f"<p><b>{escape(what(group, say))}</b> · {escape(where(group, say))}"
        f'<span class="ly-next">{escape(say.name("do", group["event_code"], "do.other"))}</span></p>'
        f'<p class="ly-muted">{escape(" · ".join(facts))}</p></div>'
        '<span class="ly-go" aria-hidden="true">›</span></div>'
    )


def none(say: Labels) -> str:
    """What stands there when nothing is open."""
    return (
        f'<div class="ly-empty"><p><b>{escape(say("todo.none"))}</b></p>'
        f'<p class="ly-muted">{escape(say("todo.none_hint"))}</p></div>'
    )


def what(group: Mapping[str, Any], say: Labels) -> str:
    """The anomaly's name."""
    return say.name("event", group["event_code"])


def where(group: Mapping[str, Any], say: Labels) -> str:
    """The carrier or warehouse, or that none was stated."""
    return group["place"] or say("todo.somewhere")
