"""What an owner does about findings: filter, choose, then fix in place, act, or take suggestions in bulk.

Whether a correction may be made, and what an action needs, is said behind `dagster_project.steward`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial
from html import escape

import polars as pl
import streamlit as st

from app import choosing, columns, corrections_desk, formats, page_state, refused
from app.doing import done
from app.frame import Desk
from app.labels import Labels
from app.queries import quality
from dagster_project import settings, steward
from dagster_project.steward import LuyueError

ALL = "all"
STATES = ("open", ALL, "acknowledged", "assigned", "corrected", "accepted_risk", "closed")
SURE_FROM = 0.9
"""Confidence from which suggestions are taken, unless the owner says otherwise."""
GROUPS = {"owner": "q_owner"}
"""Label group of a filter's values that is not called as the filter."""
_KEY = "findings"
SHOWN = ("record_key", "detail", "severity", "state", "owner", "value", "suggestion", "due_at", "kpi_points")


@st.fragment
def draw(desk: Desk) -> None:
    """The work on findings and on corrections, or why this role may only look."""
    _findings(desk)
    corrections_desk.draw(desk)


def _findings(desk: Desk) -> None:
    say = desk.say
    st.html(f"<h2>{escape(say('steward.title'))}<small>{escape(say('steward.note'))}</small></h2>")
    found = _filtered(desk)
    if found.is_empty():
        st.caption(say("steward.none"))
        return
    place = st.container()
    if desk.policy.may("steward"):
        chosen = found.filter(
            pl.col("finding_id").is_in(choosing.chosen(_KEY, found["finding_id"].to_list()))
        )
        tabs = st.tabs([say(f"steward.{name}") for name in ("fix", "act", "suggested")])
        for tab, part in zip(tabs, (_fix, _act, _suggested), strict=True):
            with tab:
                part(desk, chosen)
    else:
        st.caption(say("steward.may_not"))
    with place:
        _table(desk, found)


def _filtered(desk: Desk) -> pl.DataFrame:
    say = desk.say
    choices = quality.choices(desk.version)
    titles = dict(choices.select("rule_code", f"title_{say.lang}").iter_rows())
    with st.container(horizontal=True, gap="small"):
        state = page_state.select(
            "f_state",
            list(STATES),
            STATES[0],
            label=say("column.state"),
            words=lambda code: say("steward.all_states") if code == ALL else say(f"finding_state.{code}"),
            width=150,
        )
        picked = {
            name: page_state.select(
                f"f_{name}",
                [ALL, *choices[column].drop_nulls().unique().sort().to_list()],
                ALL,
                label=say(f"column.{column}"),
                words=partial(_word, say, name, titles),
                width=200,
            )
            for name, column in (("owner", "owner"), ("severity", "severity"), ("rule", "rule_code"))
        }
    return quality.work(desk.version, state=state, **picked)


def _word(say: Labels, name: str, titles: Mapping[str, str], code: str) -> str:
    """What a filter's value is called."""
    return (
        say(f"steward.all_{name}")
        if code == ALL
        else titles.get(code) or say.name(GROUPS.get(name, name), code)
    )


def _table(desk: Desk, found: pl.DataFrame) -> None:
    """The findings, for an owner to choose some of."""
    say, ids = desk.say, found["finding_id"].to_list()
    frame = found.with_columns(pl.col(f"detail_{say.lang}").alias("detail")).select(SHOWN)
    if not desk.policy.may("steward"):
        st.html(columns.table(frame, say))
        return
    choosing.table(_KEY, frame, ids, say)
    many = len(choosing.chosen(_KEY, ids))
    st.caption(say("steward.chosen", n=formats.count(many, say.lang)) if many else say("steward.choose"))


def _fix(desk: Desk, chosen: pl.DataFrame) -> None:
    say = desk.say
    if chosen.height != 1 or chosen["field"][0] is None:
        st.caption(say("steward.choose_one"))
        return
    row = chosen.row(0, named=True)
    st.html(f'<p class="ly-muted">{escape(row[f"remedy_{say.lang}"] or "")}</p>')
    st.html(columns.table(_became(desk, row["finding_id"]), say))
    with st.form("fix", border=False):
        new = st.text_input(
            say("steward.new_value", field=say.name("q_field", row["field"])),
            value=row["suggestion"] or "",
            max_chars=200,
        )
        why = st.text_input(say("steward.why"), max_chars=200)
        if st.form_submit_button(say("steward.fix_do")):
            _do(desk, lambda: _propose(desk, row, new, why))


def _became(desk: Desk, finding_id: str) -> pl.DataFrame:
    """What became of one finding so far, the oldest first, without what the role may not see."""
    told = steward.history(settings.load(), desk.version.path, finding_id)
    told = told.rename({"what": "finding_event", "at": "happened_at", "by": "who", "detail": "told"})
    return told.select("happened_at", "finding_event", "who", "told")


def _propose(desk: Desk, row: dict[str, object], new: str, why: str) -> str:
    proposal = {
        "entity": row["entity"],
        "record_key": row["record_key"],
        "field": row["field"],
        "old_value": row["value"],
        "new_value": new,
    }
    outcome = steward.propose(settings.load(), [proposal], by=desk.person.name, reason=why)
    if outcome.refused.height:
        raise LuyueError(str(outcome.refused["why"][0]))
    status = str(outcome.taken["status"][0])
    return desk.say(f"steward.done.{status}")


def _act(desk: Desk, chosen: pl.DataFrame) -> None:
    say = desk.say
    if chosen.is_empty():
        st.caption(say("steward.choose"))
        return
    with st.form("act", border=False):
        action = st.radio(
            say("steward.action"),
            steward.ACTIONS,
            format_func=lambda code: say(f"steward.action.{code}"),
            horizontal=True,
        )
        assignee = st.text_input(say("steward.assignee"), max_chars=80)
        why = st.text_input(say("steward.why"), max_chars=200)
        if st.form_submit_button(say("steward.act_do", n=chosen.height)):
            _do(desk, lambda: _acted(desk, chosen, action, assignee, why))


def _acted(desk: Desk, chosen: pl.DataFrame, action: str, assignee: str, why: str) -> str:
    count = steward.act(
        settings.load(),
        desk.version.path,
        chosen["finding_id"].to_list(),
        action,
        by=desk.person.name,
        assignee=assignee,
        reason=why,
    )
    return desk.say("steward.done.acted", n=count)


def _suggested(desk: Desk, chosen: pl.DataFrame) -> None:
    say = desk.say
    sure = st.slider(say("steward.sure"), 0.5, 1.0, SURE_FROM, 0.05, key="sure")
    ids = chosen["finding_id"].to_list()
    try:
        offered = steward.suggestions(desk.version.path, finding_ids=ids, min_confidence=sure)
    except LuyueError as problem:
        st.error(refused.words(problem, say))
        return
    if offered.is_empty():
        st.caption(say("steward.no_suggestion"))
        return
    why = f"why_{say.lang}"
    shown = ("record_key", "field", "old_value", "new_value", "confidence", why)
    st.html(columns.table(offered.select(shown).rename({why: "why"}), say))
    with st.form("suggested", border=False):
        reason = st.text_input(say("steward.why"), max_chars=200)
        if st.form_submit_button(say("steward.take_all", n=formats.count(offered.height, say.lang))):
            _do(desk, lambda: _taken(desk, ids, sure, reason))


def _taken(desk: Desk, ids: list[str], sure: float, reason: str) -> str:
    outcome = steward.accept(
        settings.load(),
        by=desk.person.name,
        finding_ids=ids,
        min_confidence=sure,
        reason=reason.strip() or None,
    )
    taken, refused = outcome.taken.height, outcome.refused.height
    return desk.say("steward.done.taken", n=taken, refused=refused)


def _do(desk: Desk, do: Callable[[], str]) -> None:
    """Does it, and lets go of what was chosen."""
    if done(desk, "steward", do, "steward.failed"):
        choosing.clear(_KEY)
