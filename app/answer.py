"""The answer of the overview, for its page and for the daily brief: the same number in the same words."""

from __future__ import annotations

from app import periods, sentence
from app.components.hero import Hero
from app.queries import index
from app.view import View


def of(view: View) -> Hero:
    """Number, comparison and sentence of the period that is looked at."""
    value = view.total.get("value")
    known = [kpi for kpi in index.PARTS if view.parts.get(kpi, {}).get("value") is not None]
    return Hero(
        caption=periods.caption(view.period, view.offered, view.say),
        value=value,
        before=view.before,
        target=view.total.get("target"),
        status=view.total.get("status"),
        kind=view.kind,
        parts_with_data=len(known),
        sentence=sentence.compose(
            view.parts,
            index.PARTS,
            change=None if value is None or view.before is None else value - view.before,
            kind=view.kind,
            period=periods.name(view.period, view.as_of, view.say),
            say=view.say,
        ),
    )
