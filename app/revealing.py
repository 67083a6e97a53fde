"""A masked value shown whole, to a role that may and gives a reason; for as long as its dialog is open.

Reading the vault and the record of it are dagster_project/desk.py's. The value enters no cache and no URL.
"""

from __future__ import annotations

from html import escape

import streamlit as st

from app.access import policy
from app.components import notices
from app.frame import Desk
from dagster_project import desk as door
from dagster_project import settings


def button(desk: Desk, channel: str, order: str) -> None:
    """The button under an order's facts; nothing where the role or this dashboard cannot reveal."""
    if not (desk.policy.may("reveal") and settings.load().may_reveal):
        return
    if st.button(desk.say("reveal.open"), key="reveal", type="tertiary"):
        _dialog(desk, channel, order)


def _dialog(desk: Desk, channel: str, order: str) -> None:
    say = desk.say

    @st.dialog(say("reveal.open"))
    def dialog() -> None:
        st.markdown(say("reveal.about"))
        with st.form("form_reveal", border=False):
            field = st.radio(say("reveal.field"), door.FIELDS, format_func=lambda name: say(f"reveal.{name}"))
            reason = st.text_input(say("service.reason"), key="why_reveal", max_chars=door.LONGEST_REASON)
            asked = st.form_submit_button(say("reveal.show"), type="primary")
        if asked:
            st.html(_shown(desk, channel, order, field, reason))

    dialog()


def _shown(desk: Desk, channel: str, order: str, field: str, reason: str) -> str:
    mine = policy.current()
    mine.demand("reveal")
    try:
        value = door.reveal(
            settings.load(), channel, order, field, reason=reason, by=desk.person.name, role=mine.role
        )
    except door.NotRevealedError as problem:
        return notices.problem(desk.say(f"reveal.refused.{problem.code}"))
    except OSError:
        return notices.problem(desk.say("service.refused.unwritten"))
    if value is None:
        return notices.problem(desk.say("reveal.nothing"))
    return f'<p class="ly-revealed"><b>{escape(value)}</b></p>'
