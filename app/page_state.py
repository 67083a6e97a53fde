"""What the reader chose: language, period, date, channel. It lives in the URL and nowhere else.

A choice equal to the default, or one that the data do not offer, leaves the URL.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

import streamlit as st

KEYS = ("lang", "period", "start", "channel")


def chosen(key: str) -> str | None:
    """The value of `key` in the URL."""
    return st.query_params.get(key)


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
    if asked is not None and asked != value:
        del st.query_params[key]
    st.session_state[f"pick_{key}"] = value
    return value


def _keep(key: str) -> None:
    value = st.session_state[f"pick_{key}"]
    if value is not None:
        st.query_params[key] = value
