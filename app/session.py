"""Which version one reader's session shows: the one it began with, until it asks for the newer one."""

from __future__ import annotations

from contextlib import suppress
from pathlib import Path

import streamlit as st

from app import published

LOOK_EVERY_SECONDS = 30
_PINNED = "version"


def version(serving: Path) -> published.Version:
    """The session's version; the current one where it has none yet or its file was pruned.

    Raises `published.UnavailableError`.
    """
    pinned: published.Version | None = st.session_state.get(_PINNED)
    if pinned is not None:
        with suppress(published.UnavailableError):
            if published.version_of(pinned.path) == pinned:
                return pinned
    st.session_state[_PINNED] = published.current(serving)
    return st.session_state[_PINNED]


@st.fragment(run_every=LOOK_EVERY_SECONDS)
def offer_newer(serving: Path, shown: published.Version, words: str) -> None:
    """A button that appears once another version than `shown` is in force."""
    if _in_force(serving) not in (None, shown) and st.button(words, key="newer", type="primary"):
        st.session_state.pop(_PINNED, None)
        st.rerun()


def await_another(serving: Path) -> None:
    """For a session that has nothing to show: run the page again once another version is in force."""
    refused = st.session_state.pop(_PINNED, None)

    @st.fragment(run_every=LOOK_EVERY_SECONDS)
    def look() -> None:
        if _in_force(serving) not in (None, refused):
            st.rerun()

    look()


def _in_force(serving: Path) -> published.Version | None:
    try:
        return published.current(serving)
    except published.UnavailableError:
        return None
