"""The line on top: filters, how fresh and how far trusted the data are, role and language; the links under
it."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from html import escape

import streamlit as st

from app import details, formats, page_state, periods, published, session
from app.access import roles, signed_in
from app.access.people import Person
from app.access.policy import Policy
from app.components import theme
from app.labels import LANGUAGES, Labels
from app.queries import index, places, trust
from app.states import Trust, worst
from dagster_project import settings

ALL = "all"
FILTERS = ("period", "channel", "warehouse")


@dataclass(frozen=True)
class Picked:
    """What the reader looks at, and the periods that were offered."""

    channel: str
    """`all` or one; for a person who may see some channels only, one of them."""
    period: periods.Period
    offered: list[periods.Period]
    warehouse: str
    """`all` or a warehouse_code."""


def draw(
    version: published.Version,
    as_of: datetime,
    say: Labels,
    person: Person,
    mine: Policy,
    filters: Collection[str] = FILTERS,
    *,
    title: str,
) -> Picked:
    """The header; returns what it picks. `filters` are those that the page heeds; the others are not shown.

    Raises `UnavailableError` (empty) where the page asks for a period and none has data.
    """
    channels = [*([ALL] if mine.is_whole else []), *index.channels(version)]
    with st.container(key="header", horizontal=True, vertical_alignment="center", gap="small"):
        st.html(brand(say, title), width="content")
        period_place = st.container(key="period", horizontal=True, gap="small", width="content")
        channel = _channel(channels, say) if "channel" in filters else next(iter(channels), ALL)
        warehouse = _warehouse(version, say) if "warehouse" in filters else ALL
        offered = periods.from_rows(index.periods(version, channel, as_of).to_dicts())
        with period_place:
            period = _period(offered, as_of, say) if "period" in filters else periods.of_all(offered, as_of)
        st.space("stretch")
        session.offer_newer(settings.load().serving, version, say("newer"))
        as_of_words = escape(say("as_of", moment=formats.moment(as_of)))
        st.html(f'<p class="ly-asof ly-muted">{as_of_words}</p>', width="content")
        _trust(version, say)
        who(person, mine, say)
    return Picked(channel, period, offered, warehouse)


def brand(say: Labels, title: str) -> str:
    """The product's name, and the page's for those who hear it."""
    return f'<p class="ly-brand">{escape(say("product"))}</p><h1 class="ly-heard">{escape(title)}</h1>'


def who(person: Person, mine: Policy, say: Labels) -> None:
    """The role in force, the way out, and the language."""
    if len(person.grants) > 1:
        page_state.select(
            "role",
            [grant.role for grant in person.grants],
            mine.role,
            label=say("control.role"),
            words=lambda role: say(f"role.{role}"),
            width=140,
        )
    else:
        st.html(f'<p class="ly-asof ly-muted">{escape(say(f"role.{mine.role}"))}</p>', width="content")
    page_state.toggle(
        "lang", LANGUAGES, say.lang, label=say("control.lang"), words=lambda code: say(f"lang.{code}")
    )
    theme.pick(say)
    if not signed_in.is_local() and st.button(say("sign.out"), key="sign_out", type="tertiary"):
        signed_in.sign_out()


def links(mine: Policy, here: str, say: Labels) -> None:
    """The pages that this role may open; each link takes the filters along."""
    shown = [page for page in roles.pages() if mine.may_open(page) and page not in roles.hidden_pages()]
    if len(shown) < 2:
        return
    with st.container(key="links", horizontal=True, gap="small"):
        for page in shown:
            mark = "here" if page == here else "link"
            with st.container(key=f"{mark}_{page}", width="content"):
                st.page_link(
                    f"app_pages/{page}.py", label=say(f"page.{page}"), query_params=page_state.carried()
                )


def _channel(channels: list[str], say: Labels) -> str:
    if not channels:
        raise published.UnavailableError("empty")
    return page_state.select(
        "channel",
        channels,
        channels[0],
        label=say("control.channel"),
        words=lambda code: say.name("channel", code),
        width=132,
    )


def _warehouse(version: published.Version, say: Labels) -> str:
    names = places.warehouses(version)
    return page_state.select(
        "warehouse",
        [ALL, *names],
        ALL,
        label=say("control.warehouse"),
        words=lambda code: say("warehouse.all") if code == ALL else names[code],
        width=132,
    )


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
