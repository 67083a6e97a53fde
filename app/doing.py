"""A deed of a page: may the reader do it now? Then it is done, or the reader is told why it was not."""

from __future__ import annotations

from collections.abc import Callable

import streamlit as st

from app import refused
from app.access import policy
from app.frame import Desk
from dagster_project.steward import LuyueError


def done(desk: Desk, what: str, do: Callable[[], str], failed: str) -> bool:
    """Does it under the policy in force now, not the one that the form was drawn under; whether it was done.

    `what` as in roles.yml; `do` gives the words of its success; `failed`: the words of a refusal ({why}).
    Raises `NoPermissionError`.
    """
    policy.current().demand(what)
    try:
        st.success(do())
    except LuyueError as problem:
        st.error(desk.say(failed, why=refused.words(problem, desk.say)))
        return False
    return True
