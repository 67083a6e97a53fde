"""Small shapes that repeat a state or trust word for the eye, one per word, drawn without a font.

Streamlit strips SVG elements from HTML, so a shape is a CSS mask in the colour of the text around it.
"""

from __future__ import annotations

from app.charts import mask
from app.states import State, Trust

_CHECK = '<path d="M3.5 8.4l3 3 6-6.6" fill="none" stroke="#000" stroke-width="2.2"/>'
_DOT = '<circle cx="8" cy="8" r="4.4" fill="#000"/>'
_TRIANGLE = '<path d="M8 2.6l6 10.6H2z" fill="#000"/>'
_HALF = (
    '<circle cx="8" cy="8" r="5" fill="none" stroke="#000" stroke-width="1.8"/>'
    '<path d="M8 3a5 5 0 0 1 0 10z" fill="#000"/>'
)
_DASHED = (
    '<circle cx="8" cy="8" r="5" fill="none" stroke="#000" stroke-width="1.8" stroke-dasharray="2.6 2.6"/>'
)
_BANG = '<path d="M8 3v6.2" stroke="#000" stroke-width="2.4"/><circle cx="8" cy="12.6" r="1.4" fill="#000"/>'

_STATE = {
    State.ON_TARGET: _CHECK,
    State.ATTENTION: _DOT,
    State.ALERT: _TRIANGLE,
    State.SMALL_SAMPLE: _HALF,
    State.INCOMPLETE: _DASHED,
    State.UNRATED: _DASHED,
}
_TRUST = {
    Trust.TRUSTED: _CHECK,
    Trust.STALE: _BANG,
    Trust.INCOMPLETE: _BANG,
    Trust.MISSING: _BANG,
    Trust.UNKNOWN: _DASHED,
}


def state(value: State) -> str:
    """The shape of a state, 16 px, in the colour of the text around it."""
    return _svg(_STATE[value])


def trust(value: Trust) -> str:
    """The shape of a trust word, likewise."""
    return _svg(_TRUST[value])


def _svg(shape: str) -> str:
    drawn = mask.style(f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 16 16">{shape}</svg>')
    return f'<i class="ly-icon" style="{drawn}"></i>'
