"""The rows behind one number of a page: a dialog with their table."""

from __future__ import annotations

import streamlit as st

from app import rows
from app.frame import Desk
from app.queries.behind import Door
from app.view import View

_KEY = "behind"


def open_door(desk: Desk | View, door: Door) -> None:
    """Open the dialog."""
    rows.forget(_KEY)

    @st.dialog(door.title, width="large")
    def dialog() -> None:
        rows.show(desk.version, desk.say, _KEY, door.rows, in_url=False)

    dialog()
