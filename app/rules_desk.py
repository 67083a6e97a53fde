"""Trying a rule file on history and approving it. What a rule may say, and what it changes, is decided behind
`dagster_project.rule_book`.
"""

from __future__ import annotations

from datetime import date, timedelta
from html import escape
from typing import Any

import streamlit as st

from app import formats, refused
from app.access import policy
from app.components import grid
from app.frame import Desk
from app.labels import Labels
from dagster_project import rule_book, settings
from dagster_project.rule_book import LuyueError

DAYS = (7, 30, 90)
_TRIED = "rule_tried"
"""The last trial of the session, with what it was of: it stands until something else is asked."""


def draw(desk: Desk) -> None:
    """A rule file of a kind: taken from what is in force, tried, approved; or why this role may only look."""
    say = desk.say
    st.html(f"<h2>{escape(say('rules.desk'))}<small>{escape(say('rules.desk_note'))}</small></h2>")
    if not desk.policy.may("rules"):
        st.caption(say("rules.may_not"))
        return
    known = rule_book.kinds()
    kind = st.selectbox(
        say("rules.kind"),
        list(known),
        format_func=lambda name: known[name][say.lang],
        key="rule_kind",
    )
    with st.expander(say("rules.present", file=f"{kind}.csv")):
        text = rule_book.present(settings.load(), kind)
        st.code(text, language="csv", height=240)
        st.download_button(say("rules.take"), text.encode(), f"{kind}.csv", "text/csv", on_click="ignore")
    given = st.file_uploader(say("rules.upload", file=f"{kind}.csv"), type="csv", key=f"rule_{kind}")
    if given is None:
        return
    tab_try, tab_approve = st.tabs([say("rules.try"), say("rules.approve")])
    with tab_try:
        _try(desk, kind, given.getvalue())
    with tab_approve:
        _approve(desk, kind, given.getvalue())


def _try(desk: Desk, kind: str, content: bytes) -> None:
    say = desk.say
    days = st.segmented_control(
        say("rules.days_back"),
        DAYS,
        default=30,
        format_func=lambda n: say("rules.n_days", n=n),
        key="rule_days",
    )
    asked = (kind, content, int(days or 30), desk.version.key)
    if st.button(say("rules.try_do"), key="rule_try", type="primary"):
        st.session_state.pop(_TRIED, None)
        with st.spinner(say("rules.trying")):
            try:
                st.session_state[_TRIED] = (asked, rule_book.tried(settings.load(), *asked[:3]))
            except LuyueError as problem:
                st.error(say("rules.failed", why=refused.words(problem, say)))
    of, told = st.session_state.get(_TRIED, (None, None))
    if of == asked:
        _tell(told, say)


def _tell(told: dict[str, Any], say: Labels) -> None:
    """What the rule would have done: the index and each KPI that moves."""
    st.html(f"<p><b>{escape(str(told['changes']))}</b></p>")
    columns = [
        (say("column.kpi"), grid.WORDS),
        (say("rules.before"), grid.FIGURE),
        (say("rules.after"), grid.FIGURE),
        (say("rules.difference"), grid.FIGURE),
    ]
    rows = []
    if told["index"] is not None:
        index = told["index"]
        rows.append(
            [
                say("index.title"),
                formats.index(index["before"]),
                formats.index(index["after"]),
                formats.points(index["difference"], say.lang, 2),
            ]
        )
    for kpi in told["kpis"]:
        before, after = kpi["before"]["value"], kpi["after"]["value"]
        is_rate = kpi["unit"] == "rate"
        shown = formats.percent if is_rate else (lambda value: formats.money(value, say.lang))
        moved = None if kpi["difference"] is None else kpi["difference"] * (100 if is_rate else 1)
        rows.append(
            [
                say.name("kpi", kpi["kpi"]),
                shown(before),
                shown(after),
                formats.points(moved, say.lang, 2, is_rate),
            ]
        )
    if not rows:
        st.caption(say("rules.nothing_moves"))
        return
    st.html(grid.html(columns, rows, [""] * len(rows), say))
    if not told["kpis"]:
        st.caption(say("rules.only_index" if told["index"]["moves"] else "rules.nothing_moves"))
        return
    changed = sum(measure["changed"] for measure in told["orders"]["measures"])
    st.caption(say("rules.orders_change", n=formats.count(changed, say.lang)))


def _approve(desk: Desk, kind: str, content: bytes) -> None:
    say = desk.say
    with st.form("rule_approve", border=False):
        tomorrow = desk.as_of.date() + timedelta(days=1)
        first = _day(st.text_input(say("rules.from"), value=tomorrow.isoformat(), max_chars=10))
        reason = st.text_input(say("rules.reason"), max_chars=200)
        asked = st.form_submit_button(say("rules.approve_do"))
    if not asked:
        return
    if first is None or not reason.strip():
        st.error(say("rules.incomplete"))
        return
    mine = policy.current()
    mine.demand("rules")
    try:
        told = rule_book.approve(
            settings.load(),
            kind,
            content,
            valid_from=first,
            reason=reason,
            by=desk.person.name,
            role=mine.role,
        )
    except LuyueError as problem:
        st.error(say("rules.failed", why=refused.words(problem, say)))
    else:
        st.success(say("rules.approved_now", changes=told["changes"], day=told["valid_from"]))


def _day(text: str) -> date | None:
    """A day as YYYY-MM-DD; None for anything else. Streamlit's own calendar speaks English."""
    try:
        return date.fromisoformat(text.strip())
    except ValueError:
        return None
