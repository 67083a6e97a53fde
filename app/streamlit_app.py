"""Where Streamlit starts: the page's frame, its style sheet, and the list of pages. No content of a page.

Every page is known here, so that one which a role may not open says so instead of not being found."""

from __future__ import annotations

from pathlib import Path

import streamlit as st

from app import lost
from app.access import roles
from app.components import theme
from app.labels import Labels, preferred

HERE = Path(__file__).resolve().parent
FIRST = "overview"

say = Labels(preferred(st.query_params.get("lang"), st.context.locale))
st.set_page_config(
    page_title=say("product"),
    page_icon=str(HERE / "assets" / "luyue.svg"),
    layout="wide",
    initial_sidebar_state="collapsed",
)
for style in sorted((HERE / "styles").glob("*.css")):
    st.html(style)
pages = [
    st.Page(
        HERE / "app_pages" / f"{name}.py",
        title=f"{say(f'page.{name}')} · {say('product')}" if name != FIRST else say("product"),
        url_path=name,
        default=name == FIRST,
    )
    for name in roles.pages()
]
theme.follow("zh-CN" if say.lang == "zh" else "en")
asked = lost.asked(roles.pages())
if asked is not None:
    pages.append(st.Page(lost.show, title=say("state.lost.title"), url_path=asked))
st.navigation(pages, position="hidden").run()
