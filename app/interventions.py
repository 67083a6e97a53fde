"""The three actions of customer service on one order, and the list of what was asked for.

Buttons and forms only: writing once, sealing and states are dagster_project/desk.py's.
"""

from __future__ import annotations

from html import escape

import streamlit as st

from app import columns, formats
from app.access import policy
from app.components import notices
from app.frame import Desk
from app.labels import Labels
from dagster_project import desk as door
from dagster_project import settings


def actions(desk: Desk, channel: str, order: str) -> None:
    """The buttons under an order; nothing for a role that may not intervene."""
    if not desk.policy.may("intervene"):
        return
    mine = [
        one
        for one in door.standing(settings.load())
        if (one.channel, one.channel_order_id) == (channel, order)
    ]
    with st.container(key="card_actions"):
        st.html(f"<h2>{escape(desk.say('service.title'))}</h2>")
        with st.container(horizontal=True, gap="small"):
            for action in door.ACTIONS:
                is_open = any(one.action == action and one.is_open for one in mine)
                label = desk.say(f"service.{action}")
                if st.button(label, key=f"act_{action}", disabled=is_open):
                    _dialog(desk, channel, order, action)
        if mine:
            st.html(listed(mine, desk.say, with_order=False))


def listed(standing: list[door.Standing], say: Labels, *, with_order: bool = True) -> str:
    """Requests with their states, as a list."""
    return f'<ol class="ly-time ly-requests">{"".join(_line(one, say, with_order) for one in standing)}</ol>'


def _line(one: door.Standing, say: Labels, with_order: bool) -> str:
    number = f"<code>{escape(columns.short(one.channel_order_id))}</code>"
    where = f"{escape(say.name('channel', one.channel))} {number} · " if with_order else ""
    what, how = say(f"service.{one.action}"), say(f"service.state.{one.state}")
    told = " · ".join(filter(None, (one.reason, one.detail, one.by)))
    return (
        f'<li data-state="{one.state}"><time>{escape(formats.moment(one.requested_at))}</time>'
        f"<span>{where}<b>{escape(what)}</b> · {escape(how)}<small>{escape(told)}</small></span></li>"
    )


def _dialog(desk: Desk, channel: str, order: str, action: str) -> None:
    say = desk.say

    @st.dialog(say(f"service.{action}"))
    def dialog() -> None:
        st.markdown(say(f"service.{action}.about"))
        if action == "change_address" and door.is_demo(settings.load().oms_key_file):
            st.caption(say("service.change_address.demo"))
        with st.form(f"form_{action}", border=False):
            parts = {}
            if action == "change_address":
                for part in door.ADDRESS:
                    parts[part] = st.text_input(
                        say(f"address.{part}"), key=f"address_{part}", max_chars=door.LONGEST_PART
                    )
            reason = st.text_input(say("service.reason"), key=f"why_{action}", max_chars=door.LONGEST_REASON)
            sent = st.form_submit_button(say("service.send"), type="primary")
        if sent:
            _send(
                desk, door.Intervention(channel, order, action, reason, *_who(desk), address=_filled(parts))
            )

    dialog()


def _send(desk: Desk, asked: door.Intervention) -> None:
    """Asks for it under the policy in force now, not the one that the form was drawn under."""
    policy.current().demand("intervene")
    try:
        made, is_new = door.request(settings.load(), asked)
    except door.RefusedError as problem:
        st.html(notices.problem(desk.say(f"service.refused.{problem.code}")))
        return
    except OSError:
        st.html(notices.problem(desk.say("service.refused.unwritten")))
        return
    st.html(notices.done(desk.say("service.sent" if is_new else "service.sent_before", id=made.request_id)))


def _who(desk: Desk) -> tuple[str, str]:
    return desk.person.name, desk.policy.role


def _filled(parts: dict[str, str]) -> dict[str, str]:
    return {part: text.strip() for part, text in parts.items() if text.strip()}
