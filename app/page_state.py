"""What the reader chose: language, theme, role, period, channel, warehouse. It lives in the URL and nowhere
else.

A choice equal to the default, or one that the data do not offer, leaves the URL. What the URL says is only
ever compared with what there is, or bound to a query: it becomes neither SQL nor HTML.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

import streamlit as st

KEYS = ("lang", "theme", "role", "period", "start", "channel", "warehouse")
"""What goes along from page to page."""
LONGEST = 120
"""Characters of a value that means something; a longer one is none."""


def chosen(key: str) -> str | None:
    """The value of `key` in the URL; None where it is absent, too long, or no text that can be shown."""
    value = st.query_params.get(key)
    return value if value and len(value) <= LONGEST and value.isprintable() else None


def carried() -> dict[str, str]:
    """The choices that a link to another page takes along."""
    return {key: value for key in KEYS if (value := chosen(key))}


def keep(key: str, value: str | None) -> None:
    """Puts a value into the URL, or takes it out."""
    if value:
        st.query_params[key] = value
    else:
        st.query_params.pop(key, None)


def select(
    key: str,
    options: Sequence[str],
    default: str,
    *,
    label: str,
    words: Callable[[str], str],
    width: int,
) -> str:
    """A picker, `width` px wide, whose value stands in the URL under `key`."""
    value = _settled(key, options, default)
    st.selectbox(
        label,
        options,
        format_func=words,
        key=f"pick_{key}",
        label_visibility="collapsed",
        on_change=_keep,
        args=(key,),
        width=width,
    )
    return value


def toggle(key: str, options: Sequence[str], default: str, *, label: str, words: Callable[[str], str]) -> str:
    """A small switch of few options, likewise."""
    value = _settled(key, options, default)
    st.segmented_control(
        label,
        options,
        format_func=words,
        key=f"pick_{key}",
        label_visibility="collapsed",
        on_change=_keep,
        args=(key,),
        required=True,
    )
    return value


def _settled(key: str, options: Sequence[str], default: str) -> str:
    asked = chosen(key)
    value = asked if asked is not None and asked in options else default
    if asked != value:
        st.query_params.pop(key, None)
    st.session_state[f"pick_{key}"] = value
    return value


def _keep(key: str) -> None:
    value = st.session_state[f"pick_{key}"]
    if value is not None:
        st.query_params[key] = value
