"""The two sides of a pair to be judged: masked facts and whether they agree. Neither score nor rule."""

from __future__ import annotations

from collections.abc import Mapping
from html import escape
from typing import Any

from app.labels import Labels

SIDES = ("left", "right")


def html(case: Mapping[str, Any], say: Labels) -> str:
    """One case as `luyue identity review next --json` tells it."""
    heads = "".join(f"<th scope='col'>{_outline(case[side], side, say)}</th>" for side in SIDES)
    rows = "".join(
        f"<tr><th scope='row'>{escape(say.name('field', fact['field']))}</th>"
        + "".join(f"<td class='ly-key'>{_values(fact[side])}</td>" for side in SIDES)
        + f"<td><span class='ly-verdict ly-v-{escape(fact['verdict'], quote=True)}'>"
        f"{escape(say.name('verdict', fact['verdict']))}</span></td></tr>"
        for fact in case["facts"]
    )
    return (
        "<div class='ly-scroll' tabindex='0' role='region'"
        f" aria-label='{escape(say('desk.review'), quote=True)}'>"
        f"<table class='ly-table'><thead><tr><td></td>{heads}"
        f"<th scope='col'>{escape(say('desk.verdict'))}</th></tr></thead><tbody>{rows}</tbody></table></div>"
    )


def _outline(side: Mapping[str, Any], name: str, say: Labels) -> str:
    seen = [str(side[end])[:10] for end in ("first", "last") if side[end]]
    told = say(
        "desk.outline",
        n=side["records"],
        places=say("say.list").join(say.name("channel", place) for place in side["met_at"]),
        seen=" – ".join(dict.fromkeys(seen)),
    )
    return f"{escape(say(f'desk.{name}'))}<br><small>{escape(told)}</small>"


def _values(values: list[str]) -> str:
    return "<br>".join(escape(value) for value in values) or "—"
