"""Light or dark as the reader chose it, or as the device has it.

Streamlit takes a theme from the address when it loads (`embed_options`), and tells its own element which one
holds; what stands outside of that element (dialogs, popovers) is told here.
"""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

import streamlit as st

from app import page_state
from app.labels import Labels

if TYPE_CHECKING:
    from streamlit.components.v2.types import ComponentRenderer

NAME = "luyue_theme"
DEVICE = "device"
THEMES = (DEVICE, "light", "dark")
_JS = """
export default function ({ data }) {
  const device = window.matchMedia("(prefers-color-scheme: dark)");
  const follow = () => {
    const wanted = data.theme === "device" ? (device.matches ? "dark" : "light") : data.theme;
    document.documentElement.style.colorScheme = wanted;
    document.documentElement.lang = data.lang;
    const app = document.querySelector("[data-testid=stApp]");
    const held = app && getComputedStyle(app).colorScheme;
    const at = new URL(window.location.href);
    if (!held || held === wanted || at.searchParams.get("embed_options") === `${wanted}_theme`) return;
    at.searchParams.set("embed_options", `${wanted}_theme`);
    window.location.replace(at);
  };
  follow();
  device.addEventListener("change", follow);
  return () => device.removeEventListener("change", follow);
}
"""


@cache
def _component() -> ComponentRenderer:
    return st.components.v2.component(NAME, js=_JS)


def follow(lang: str) -> None:
    """Makes the page as its address says, else as the device is; and tells readers aloud its language."""
    asked = page_state.chosen("theme")
    with st.container(key="theme"):
        _component()(key="theme_follows", data={"theme": asked if asked in THEMES else DEVICE, "lang": lang})


def pick(say: Labels) -> None:
    """The choice of three; the choice goes along from page to page in the address."""
    page_state.select(
        "theme", THEMES, DEVICE, label=say("control.theme"), words=lambda one: say(f"theme.{one}"), width=112
    )
