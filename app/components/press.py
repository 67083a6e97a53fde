"""HTML whose buttons tell the page which of them was pressed: a whole page in one element.

An element with `data-open` says its name; nothing else of the browser comes back. Whoever makes the HTML
escapes what comes from data.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from typing import TYPE_CHECKING

import streamlit as st

if TYPE_CHECKING:
    from streamlit.components.v2.types import ComponentRenderer

NAME = "luyue_press"
_HTML = '<div class="ly-press"></div>'
_JS = """
export default function ({ data, parentElement, setTriggerValue }) {
  const root = parentElement.querySelector(".ly-press");
  if (root.ly !== data.html) {
    const at = root.contains(document.activeElement) ? document.activeElement.dataset.open : null;
    root.innerHTML = root.ly = data.html;
    if (at) [...root.querySelectorAll("[data-open]")].find((e) => e.dataset.open === at)?.focus();
  }
  const press = (event) => {
    const pressed = event.target.closest("[data-open]");
    if (!pressed) return;
    if (event.type === "keydown") {
      if (pressed.tagName === "BUTTON" || !["Enter", " "].includes(event.key)) return;
      event.preventDefault();
    }
    setTriggerValue("open", pressed.dataset.open);
  };
  root.onclick = press;
  root.onkeydown = press;
}
"""


@cache
def _component() -> ComponentRenderer:
    return st.components.v2.component(NAME, html=_HTML, js=_JS, isolate_styles=False)


def html(text: str, key: str, on_press: Callable[[str], None] | None = None) -> str | None:
    """Shows the HTML; the name that was pressed just now, whatever the browser says it is, or None.

    `on_press` is told the name before the run that the press begins.
    """

    def noted() -> None:
        told = st.session_state[key].get("open")
        if on_press is not None and isinstance(told, str):
            on_press(told)

    pressed = _component()(key=key, data={"html": text}, on_open_change=noted).get("open")
    return pressed if isinstance(pressed, str) else None
