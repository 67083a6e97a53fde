"""The desk of customer service: look up an order, what is open, and what became of what was asked for."""

from __future__ import annotations

from html import escape

import streamlit as st

from app import interventions, page_state, rows
from app.components import notices
from app.frame import Desk, page
from app.queries import actions, order
from dagster_project import desk as door
from dagster_project import settings

SHOWN = 50
"""Requests on the page; the outbox and its CSV hold them all."""


def body(desk: Desk) -> None:
    """The field for an order's number, and the requests on this person's orders, the newest first."""
    say = desk.say
    with st.container(key="card_lookup"):
        st.html(f"<h2>{escape(say('order.ask'))}</h2>")
        number = st.text_input(
            say("order.number"),
            placeholder=say("order.ask_hint"),
            label_visibility="collapsed",
            key="lookup",
            width=480,
        ).strip()
        if number:
            if order.heads(desk.version, "", number):
                link = {**page_state.carried(), "order": number}
                st.switch_page("app_pages/order.py", query_params=link)
            st.html(notices.hint(say("order.unknown"), say("order.unknown_hint")))
    with st.container(key="card_open"):
        st.html(f"<h2>{escape(say('service.anomalies'))}</h2>")
        rows.show(desk.version, say, "open", actions.all_open(desk.scope.channel, desk.warehouse))
    known = door.standing(settings.load())
    mine = known if desk.policy.is_whole else _of_mine(desk, known)
    opened = sum(one.is_open for one in mine)
    with st.container(key="card_requests"):
        st.html(
            f"<h2>{escape(say('service.list'))}<small>{escape(say('service.open', n=opened))}</small></h2>"
        )
        if mine:
            st.html(interventions.listed(mine[:SHOWN], say))
        else:
            st.html(notices.hint(say("service.none"), say("service.none_hint")))


def _of_mine(desk: Desk, known: list[door.Standing]) -> list[door.Standing]:
    """Requests on orders of a person who may see some channels or warehouses only."""
    seen = order.visible(desk.version, [(one.channel, one.channel_order_id) for one in known])
    return [one for one in known if (one.channel, one.channel_order_id) in seen]


page("service", body, filters=("channel", "warehouse"))
