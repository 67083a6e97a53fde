"""An SVG drawing as a CSS mask: it takes the colour of the text around it, in both themes."""

from __future__ import annotations

from base64 import b64encode


def style(svg: str) -> str:
    """The style attribute's value that masks an element by the drawing."""
    return f"--mask:url(data:image/svg+xml;base64,{b64encode(svg.encode()).decode()})"
