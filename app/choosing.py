"""Choosing some rows of a table that a page draws below its questions: by box, by row, all or none."""

from __future__ import annotations

from collections.abc import Sequence

import polars as pl
import streamlit as st

from app import columns
from app.components import listed, press
from app.components.listed import Head
from app.labels import Labels


def chosen(key: str, ids: Sequence[str]) -> list[str]:
    """What is chosen of the rows that are there now, in their order."""
    before = set(st.session_state.get(_key(key), ()))
    return [one for one in ids if one in before]


def clear(key: str) -> None:
    """Chooses none."""
    st.session_state.pop(_key(key), None)


def table(key: str, frame: pl.DataFrame, ids: Sequence[str], say: Labels) -> None:
    """The rows; `ids` names them, in their order."""
    before = chosen(key, ids)
    heads = [
        Head(columns.label(name, say), columns.kind(name, dtype)) for name, dtype in frame.schema.items()
    ]

    def pressed(name: str) -> None:
        at = listed.place(name, "row", len(ids))
        if name == listed.ALL:
            st.session_state[_key(key)] = [] if len(before) == len(ids) else list(ids)
        elif at is not None:
            st.session_state[_key(key)] = [*{*before} ^ {ids[at]}]

    at = {place for place, one in enumerate(ids) if one in before}
    press.html(listed.choices(heads, columns.cells(frame, say), at, say), key=key, on_press=pressed)


def _key(key: str) -> str:
    return f"chosen_{key}"
