"""The rows behind one number of a page: a dialog with their table."""

from __future__ import annotations

import streamlit as st

from app import rows
from app.frame import Desk
from app.queries.behind import Door


def open_door(desk: Desk, door: Door) -> None:
    """Open the dialog."""

    @st.dialog(door.title, width="large")
    def dialog() -> None:
        rows.show(desk.version, desk.say, "behind", door.rows, in_url=False)

    dialog()
