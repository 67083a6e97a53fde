"""One order: its facts and its timeline. The number stands in the URL (`of`: channel, `order`), or is
typed."""

from __future__ import annotations

from html import escape
from typing import Any

import streamlit as st

from app import columns, formats, interventions, page_state, revealing
from app.access.roles import HIDE
from app.components import notices, timeline
from app.frame import Desk, page
from app.queries import order

FACTS = (
    "status",
    "paid_amount_cny",
    "paid_at",
    "promise_due_at",
    "promise_met_at",
    "warehouse_code",
    "carrier",
    "waybill_no",
    "receiver_name_mask",
    "receiver_phone_mask",
)
"""Facts of an order in the order shown; those that the role may not see are left out."""


def body(desk: Desk) -> None:
    """The order that the URL names, or a field to type its number into."""
    wanted, channel = page_state.chosen("order"), page_state.chosen("of") or ""
    _ask(desk, wanted)
    if not wanted:
        st.html(notices.hint(desk.say("order.ask"), desk.say("order.ask_hint")))
        return
    found = order.heads(desk.version, channel, wanted)
    if not found:
        st.html(notices.hint(desk.say("order.unknown"), desk.say("order.unknown_hint")))
        return
    for head in found:
        _order(desk, head)


def _ask(desk: Desk, wanted: str | None) -> None:
    st.session_state["order_asked"] = wanted or ""

    def asked() -> None:
        page_state.keep("of", None)
        page_state.keep("order", st.session_state["order_asked"].strip())

    st.text_input(
        desk.say("order.number"),
        key="order_asked",
        placeholder=desk.say("order.number"),
        label_visibility="collapsed",
        on_change=asked,
        width=320,
    )


def _order(desk: Desk, head: dict[str, Any]) -> None:
    say, channel, number = desk.say, head["channel"], head["channel_order_id"]
    with st.container(key=f"card_order_{channel}"):
        title = f"{say.name('channel', channel)} <code>{escape(columns.short(number))}</code>"
        st.html(f"<h2>{title}</h2>{_facts(desk, head)}")
        revealing.button(desk, channel, number)
    happened = order.timeline(desk.version, channel, number).to_dicts()
    with st.container(key=f"card_timeline_{channel}"):
        st.html(f"<h2>{escape(say('order.timeline'))}</h2>")
        st.html(timeline.html(happened, say) if happened else notices.hint(say("detail.empty"), ""))
    interventions.actions(desk, channel, number)
    lines = order.lines(desk.version, channel, number)
    if lines.height:
        with st.container(key=f"card_lines_{channel}"):
            st.html(f"<h2>{escape(say('order.lines'))}</h2>{columns.table(lines, say)}")


def _facts(desk: Desk, head: dict[str, Any]) -> str:
    role, told = desk.policy.of_role, []
    for name in FACTS:
        if role.treatment(name) != HIDE:
            label, value = columns.label(name, desk.say), _fact(name, head, desk)
            told.append(f"<div><dt>{escape(label)}</dt><dd>{escape(value)}</dd></div>")
    return f'<dl class="ly-facts">{"".join(told)}</dl>'


def _fact(name: str, head: dict[str, Any], desk: Desk) -> str:
    value = head[name]
    if value is None:
        return formats.NO_DATA
    if name.endswith("_at"):
        return formats.moment(value)
    if name.endswith("_cny"):
        return formats.money(value, desk.say.lang)
    if name == "status":
        return desk.say.name("status", value)
    return columns.short(str(value))


page("order", body, filters=())
