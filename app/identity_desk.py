"""What a steward does with customers: judge the next pair blindly, see why two records are one, follow an id.

Nothing is decided here, and nothing is read: `dagster_project.stewarding` does both.
"""

from __future__ import annotations

from html import escape
from typing import Any

import streamlit as st

from app import formats, refused
from app.access import policy
from app.access.roles import SHOW
from app.components import grid, review_pair
from app.frame import Desk
from dagster_project import settings, stewarding
from dagster_project.stewarding import LuyueError

REVIEW, EXPLAIN, HISTORY = "review", "explain", "history"
ANSWERS = ("same", "different", "unsure")
_CASE = "review_case"


def draw(desk: Desk) -> None:
    """The three tabs, or why there are none for this role."""
    say, role = desk.say, desk.policy.of_role
    st.html(f"<h2>{escape(say('desk.title'))}<small>{escape(say('desk.note'))}</small></h2>")
    if not desk.policy.is_whole or role.treatment("source_record_id") != SHOW:
        st.caption(say("desk.may_not"))
        return
    tabs = st.tabs([say(f"desk.{name}") for name in (REVIEW, EXPLAIN, HISTORY)])
    for tab, part in zip(tabs, (_review, _explain, _history), strict=True):
        with tab:
            try:
                part(desk)
            except LuyueError as problem:
                st.error(say("desk.failed", why=refused.words(problem, say)))


def _review(desk: Desk) -> None:
    say = desk.say
    if not desk.policy.may("review"):
        st.caption(say("desk.may_not_review"))
        return
    st.caption(say("desk.blind"))
    case = st.session_state.get(_CASE)
    if case is None:
        if st.button(say("desk.next"), key="review_next", type="primary"):
            with st.spinner(say("desk.asking")):
                st.session_state[_CASE] = stewarding.next_case(settings.load())
            st.rerun()
        return
    if not case:
        st.caption(say("desk.none_waits"))
        st.session_state.pop(_CASE)
        return
    st.html(review_pair.html(case, say))
    with st.form("review", border=False, clear_on_submit=True):
        answer = st.radio(
            say("desk.answer"),
            ANSWERS,
            index=None,
            format_func=lambda each: say(f"desk.answer.{each}"),
            horizontal=True,
        )
        why = st.text_input(say("desk.why"), max_chars=200)
        if st.form_submit_button(say("desk.keep")):
            _keep(desk, case, answer, why.strip())


def _keep(desk: Desk, case: dict[str, Any], answer: str | None, why: str) -> None:
    say = desk.say
    if answer is None or not why:
        st.error(say("desk.incomplete"))
        return
    policy.current().demand("review")
    stewarding.decide(settings.load(), case["case_id"], answer, why, desk.person.name)
    st.session_state.pop(_CASE)
    st.toast(say(f"desk.kept.{answer}"))
    st.rerun()


def _explain(desk: Desk) -> None:
    say = desk.say
    with st.form("explain", border=False):
        left, right = (
            column.text_input(say(f"desk.{side}"), max_chars=120, placeholder=say("desk.record_hint"))
            for column, side in zip(st.columns(2), ("left", "right"), strict=True)
        )
        asked = st.form_submit_button(say("desk.explain_do"))
    if not (asked and left.strip() and right.strip()):
        return
    told = stewarding.explained(settings.load(), left.strip(), right.strip())
    one = told["one_customer"]
    st.html(f"<p><b>{escape(say('desk.is_one' if one else 'desk.is_two'))}</b></p>")
    steps = told["path"] if told["path"] is not None else told["refused"]
    if not steps:
        st.caption(say("desk.no_link"))
        return
    columns = [
        (say("desk.left"), grid.KEY),
        (say("desk.rule"), grid.WORDS),
        (say("desk.probability"), grid.FIGURE),
        (say("desk.right"), grid.KEY),
    ]
    rows = [
        [
            step["left"],
            stewarding.rule_name(step["rule"], say.lang),
            formats.percent(step["probability"]),
            step["right"],
        ]
        for step in steps
    ]
    st.caption(say("desk.path" if told["path"] is not None else "desk.refused"))
    st.html(grid.html(columns, rows, [""] * len(rows), say))


def _history(desk: Desk) -> None:
    say = desk.say
    with st.form("id_history", border=False):
        wanted = st.text_input(say("desk.customer_id"), max_chars=120).strip()
        asked = st.form_submit_button(say("desk.history_do"))
    if not (asked and wanted):
        return
    told = stewarding.life(settings.load(), wanted)
    now = told["in_force"]
    st.html(f"<p><b>{escape(say('desk.in_force', id=now) if now else say('desk.gone'))}</b></p>")
    columns = [
        (say("desk.when"), grid.FIGURE),
        (say("desk.what"), grid.WORDS),
        (say("desk.customer_id"), grid.KEY),
        (say("desk.records"), grid.FIGURE),
        (say("desk.cause"), grid.WORDS),
    ]
    rows = [
        [
            formats.moment(event["happened_at"]),
            say.name("life", event["event_type"]),
            event["previous_customer_id"] or event["customer_id"],
            f"{event['records']:,}",
            str(event["cause"]),
        ]
        for event in told["events"]
    ]
    st.html(grid.html(columns, rows, [""] * len(rows), say))
