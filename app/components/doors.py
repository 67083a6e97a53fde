"""The doors of a page: every number that can be pressed, and what stands behind it.

A name that comes back from the browser opens only what this page has hung there.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from html import escape

from app.queries.behind import Door


@dataclass
class Doors:
    """`behind`: doors by name, in the order hung; `own`: names that the page itself answers to."""

    behind: dict[str, Door] = field(default_factory=dict)
    own: set[str] = field(default_factory=set)

    def hang(self, name: str, door: Door | None) -> str:
        """The attribute of the element that opens the door; empty where there is nothing to open."""
        if door is None:
            return ""
        self.behind[name] = door
        return f'data-open="{escape(name, quote=True)}"'

    def hang_own(self, name: str) -> str:
        """The attribute of an element that the page itself answers to."""
        self.own.add(name)
        return f'data-open="{escape(name, quote=True)}"'
