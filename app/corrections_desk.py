"""The corrections of master data with what became of each: approve what was proposed, take back, carry on.

Whether one still passes, and who may approve it, is said behind `dagster_project.steward`.
"""

from __future__ import annotations

from datetime import datetime
from html import escape

import polars as pl
import streamlit as st

from app import choosing, columns, formats
from app.access.roles import SHOW
from app.doing import done
from app.frame import Desk
from dagster_project import settings, steward

LISTED = 200
"""Corrections offered at once, the newest; the file for the source holds all that it still lacks."""
SHOWN = (
    "record_key", "field", "old_value", "new_value", "correction_state", "reason", "proposer", "approver",
    "proposed_at", "valid_from",
)  # fmt: skip
_KEY = "corrections"


def draw(desk: Desk) -> None:
    """The list; with what an owner may do about those chosen."""
    say = desk.say
    st.html(f"<h2>{escape(say('corrections.title'))}<small>{escape(say('corrections.note'))}</small></h2>")
    ids = _found()["correction_id"].to_list()
    if not ids:
        st.caption(say("corrections.none"))
        return
    place = st.container()
    if desk.policy.may("steward"):
        _act(desk, choosing.chosen(_KEY, ids))
        st.download_button(
            say("corrections.export"),
            data=lambda: steward.corrections_csv(settings.load()),
            file_name=f"luyue_corrections_{datetime.now():%Y%m%d_%H%M}.csv",
            mime="text/csv",
            key="corrections_csv",
            on_click="ignore",
        )
    with place:
        _table(desk, _found())


def _found() -> pl.DataFrame:
    return steward.corrections(settings.load()).rename({"state": "correction_state"}).head(LISTED)


def _table(desk: Desk, found: pl.DataFrame) -> None:
    role = desk.policy.of_role
    frame = found.select(name for name in SHOWN if role.treatment(name) == SHOW)
    if desk.policy.may("steward"):
        choosing.table(_KEY, frame, found["correction_id"].to_list(), desk.say)
    else:
        st.html(columns.table(frame, desk.say))


def _act(desk: Desk, chosen: list[str]) -> None:
    say = desk.say
    if not chosen:
        st.caption(say("corrections.choose"))
        return
    n = formats.count(len(chosen), say.lang)
    with st.form("on_corrections", border=False):
        why = st.text_input(say("corrections.why"), max_chars=200)
        with st.container(horizontal=True, gap="small"):
            approve = st.form_submit_button(say("corrections.approve", n=n), key="corrections_approve")
            revoke = st.form_submit_button(say("corrections.revoke", n=n), key="corrections_revoke")
    if approve or revoke:
        do = _approved if approve else _revoked
        if done(desk, "steward", lambda: do(desk, chosen, why), "steward.failed"):
            choosing.clear(_KEY)


def _approved(desk: Desk, ids: list[str], _: str) -> str:
    outcome = steward.approve(settings.load(), ids, by=desk.person.name)
    if outcome.refused.height:
        raise steward.LuyueError(str(outcome.refused["why"][0]))
    return desk.say("corrections.approved", n=outcome.taken.height)


def _revoked(desk: Desk, ids: list[str], why: str) -> str:
    taken = steward.revoke(settings.load(), ids, by=desk.person.name, reason=why)
    return desk.say("corrections.revoked", n=taken.height)
