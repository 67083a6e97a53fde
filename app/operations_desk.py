"""What an engineer does: look into refused rows, and put a version in force again.

Both are done by `dagster_project.operating`; whether somebody may is asked here.
"""

from __future__ import annotations

from html import escape

import streamlit as st

from app import formats, refused, rows
from app.access import policy
from app.frame import Desk
from app.queries.behind import frame_door
from dagster_project import operating as runs
from dagster_project import settings
from dagster_project.operating import LockBusyError, LuyueError, all_advice

_KEY = "refusals"


def versions(desk: Desk) -> None:
    """The versions kept, and the rollback for those who may."""
    say = desk.say
    here = settings.load()
    kept, current = runs.versions(here), runs.in_force(here)
    with st.container(key="card_versions"):
        words = say("operations.versions", name=current or formats.NO_DATA, n=len(kept))
        st.html(f"<h2>{escape(words)}<small>{escape(say('operations.versions_note'))}</small></h2>")
        if not desk.policy.may("operate"):
            st.caption(say("operations.may_not"))
            return
        others = [name for name in kept if name != current]
        if not others:
            st.caption(say("operations.only_one"))
            return
        with st.form("rollback", border=False):
            to = st.selectbox(say("operations.to"), others)
            reason = st.text_input(say("operations.why"), max_chars=200)
            asked = st.form_submit_button(say("operations.roll_back"))
        if asked:
            _roll_back(desk, to, reason.strip())


def _roll_back(desk: Desk, to: str, reason: str) -> None:
    say = desk.say
    if not reason:
        st.error(say("operations.why_needed"))
        return
    try:
        policy.current().demand("operate")
        path = runs.roll_back(settings.load(), to, reason, desk.person.name)
    except LockBusyError as busy:
        st.error(say("operations.busy", who=str(busy)))
    except LuyueError as problem:
        st.error(say("operations.failed", why=refused.words(problem, say)))
    else:
        st.success(say("operations.done", name=path.name))


def refusals(desk: Desk, source: str, reason: str) -> None:
    """Opens the rows of one source that stand refused for one reason, values masked."""
    say = desk.say
    advice = all_advice(say.lang).get(reason)
    rows.forget(_KEY)

    @st.dialog(f"{source} · {reason}", width="large")
    def dialog() -> None:
        if advice:
            st.markdown(f"{advice.means} {advice.mend}")
        found = runs.refused_rows(settings.load(), source, reason)
        names = {"value_mask": "refused_value"}
        told = found.rename({name: names.get(name, f"refusal_{name}") for name in found.columns}).drop(
            "refusal_status"
        )
        door = frame_door("", told, "refusal_source_file")
        rows.show(desk.version, say, _KEY, door.rows, in_url=False)

    dialog()
