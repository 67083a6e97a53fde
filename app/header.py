"""The line on top: what the page is about, how fresh and how far trusted it is, and the language."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from html import escape

import streamlit as st

from app import details, formats, page_state, periods, published, session
from app.labels import LANGUAGES, Labels
from app.queries import index, trust
from app.states import Trust, worst
from dagster_project import settings


@dataclass(frozen=True)
class Picked:
    """What the reader looks at, and the periods that were offered."""

    channel: str
    period: periods.Period
    offered: list[periods.Period]


def draw(version: published.Version, as_of: datetime, say: Labels) -> Picked:
    """The header; returns what it picks. Raises `UnavailableError` (empty) where no period has data."""
    channels = ["all", *index.channels(version)]
    with st.container(key="header", horizontal=True, vertical_alignment="center", gap="small"):
        st.html(f'<h1 class="ly-brand">{escape(say("product"))}</h1>', width="content")
        period_place = st.container(key="period", horizontal=True, gap="small", width="content")
        channel = page_state.select(
            "channel",
            channels,
            "all",
            label=say("control.channel"),
            words=lambda code: say.name("channel", code),
            width=148,
        )
        offered = periods.from_rows(index.periods(version, channel, as_of).to_dicts())
        with period_place:
            period = _period(offered, as_of, say)
        st.space("stretch")
        session.offer_newer(settings.load().serving, version, say("newer"))
        as_of_words = escape(say("as_of", moment=formats.moment(as_of)))
        st.html(f'<p class="ly-asof ly-muted">{as_of_words}</p>', width="content")
        _trust(version, say)
        page_state.toggle(
            "lang",
            LANGUAGES,
            say.lang,
            label=say("control.lang"),
            words=lambda code: say(f"lang.{code}"),
        )
    return Picked(channel, period, offered)


def _period(offered: list[periods.Period], as_of: datetime, say: Labels) -> periods.Period:
    first = periods.default(offered)
    if first is None:
        raise published.UnavailableError("empty")
    kind = page_state.select(
        "period",
        [kind for kind in periods.KINDS if any(p.kind == kind for p in offered)],
        first.kind,
        label=say("control.kind"),
        words=lambda code: say(f"kind.{code}"),
        width=104,
    )
    by_start = {p.start.isoformat(): p for p in offered if p.kind == kind}
    start = page_state.select(
        "start",
        list(by_start),
        periods.default_start(offered, kind).start.isoformat(),
        label=say("control.start"),
        words=lambda iso: periods.name(by_start[iso], as_of, say),
        width=220,
    )
    return by_start[start]


def _trust(version: published.Version, say: Labels) -> None:
    sources = trust.sources(version)
    word = worst(sources["trust_status"])
    mark = "✓" if word is Trust.TRUSTED else "!"
    with st.popover(f"{say(f'trust.{word}')} {mark}", type="tertiary"):
        st.markdown(f"**{say('trust.title')}**")
        details.sources_table(sources.to_dicts(), say, with_kpi=True)
