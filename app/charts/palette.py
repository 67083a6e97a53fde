"""The few colours that charts draw with, for a light and a dark page: one accent, two neutrals, two states.

The same colours stand in styles/1_theme.css for everything that is not a chart.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Palette:
    text: str
    muted: str
    rule: str
    accent: str
    up: str
    down: str


LIGHT = Palette("#17212b", "#5a6673", "#dfe3e8", "#2457a6", "#0b7a5e", "#b3361b")
DARK = Palette("#e8ecf1", "#9aa7b4", "#2c3743", "#8db4f2", "#56c7a5", "#ff927c")


def of(theme: str | None) -> Palette:
    """The palette of Streamlit's theme type (`light`, `dark`, or None before the browser has told it)."""
    return DARK if theme == "dark" else LIGHT
