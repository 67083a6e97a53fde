"""A page that is one HTML text with doors in it (`components.doors`): shows it, and opens what was pressed.

The frame around it, sign-in and filters are `frame`'s.
"""

from __future__ import annotations

from collections.abc import Callable, Collection

from app import drill, frame
from app.components import press
from app.components.doors import Doors
from app.frame import Desk

Body = Callable[[Desk, Doors], str]
After = Callable[[Desk, str | None], None]


def page(name: str, body: Body, *, filters: Collection[str], after: After | None = None) -> None:
    """The page `name`: `body` makes its HTML and hangs its doors; `after` draws what stands below, and is
    told which of the names that are no door was pressed just now."""

    def drawn(desk: Desk) -> None:
        doors = Doors()
        pressed = press.html(f'<div class="ly-room">{body(desk, doors)}</div>', key=f"room_{name}")
        if pressed in doors.behind:
            drill.open_door(desk, doors.behind[pressed])
        if after is not None:
            after(desk, pressed if pressed in doors.own else None)

    frame.page(name, drawn, filters=filters)
