"""An address that is no page: says so in the reader's language, with the ways that there are."""

from __future__ import annotations

from collections.abc import Collection
from urllib.parse import unquote, urlsplit

import streamlit as st

from app import header, page_state
from app.access import signed_in
from app.access.policy import NoPermissionError
from app.components import notices
from app.labels import Labels, preferred


def asked(known: Collection[str]) -> str | None:
    """The path that the browser asked for, where it is none of `known` (url paths; the first page has ``)."""
    path = unquote(urlsplit(st.context.url or "").path).strip("/")
    base = str(st.get_option("server.baseUrlPath") or "").strip("/")
    path = path.removeprefix(base).strip("/")
    return path if path and path not in known else None


def show() -> None:
    """What happened, and where to go."""
    say = Labels(preferred(page_state.chosen("lang"), st.context.locale))
    with st.container(key="page"):
        try:
            person, mine = signed_in.person(), signed_in.policy()
        except NoPermissionError:
            st.html(notices.state("lost", say, is_alone=True))
            return
        with st.container(key="header", horizontal=True, vertical_alignment="center", gap="small"):
            st.html(header.brand(say, say("state.lost.title")), width="content")
            st.space("stretch")
            header.who(person, mine, say)
        header.links(mine, "", say)
        st.html(notices.state("lost", say))
