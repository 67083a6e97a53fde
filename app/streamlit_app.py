"""Where Streamlit starts: the page's frame, its style sheet, and the list of pages. No content of a page."""

from __future__ import annotations

from pathlib import Path

import streamlit as st

from app.labels import Labels, preferred

HERE = Path(__file__).resolve().parent

say = Labels(preferred(st.query_params.get("lang"), st.context.locale))
st.set_page_config(
    page_title=say("product"),
    page_icon=str(HERE / "assets" / "luyue.svg"),
    layout="wide",
    initial_sidebar_state="collapsed",
)
st.html(HERE / "theme.css")
pages = [st.Page(HERE / "app_pages" / "overview.py", title=say("page.overview"), default=True)]
st.navigation(pages, position="hidden").run()
