"""A small table as HTML: words left, figures right, keys in monospace. Long ones are rows behind a door."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape

from app.labels import Labels

WORDS, FIGURE, KEY = "", "ly-r", "ly-key"


def html(
    columns: Sequence[tuple[str, str]], rows: Sequence[Sequence[str]], doors: Sequence[str], say: Labels
) -> str:
    """`columns`: heading and kind (WORDS, FIGURE, KEY). `doors`: one attribute a row, or empty.

    The first cell of a row is its button.
    """
    head = "".join(f'<th class="{kind}" scope="col">{escape(name)}</th>' for name, kind in columns)
    body = "".join(
        f"<tr {door}>"
        + "".join(
            f'<td class="{kind}">{_first(cell, door, row, say) if at == 0 else escape(cell)}</td>'
            for at, (cell, (_, kind)) in enumerate(zip(row, columns, strict=True))
        )
        + "</tr>"
        for row, door in zip(rows, doors, strict=True)
    )
    return framed(head, body, columns[0][0])


def framed(head: str, body: str, label: str) -> str:
    """Headings and rows in HTML, in a frame that scrolls; `label` is what is heard of it."""
    return (
        f'<div class="ly-scroll" tabindex="0" role="region" aria-label="{escape(label, quote=True)}">'
        f'<table class="ly-table"><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table></div>'
    )


def _first(cell: str, door: str, row: Sequence[str], say: Labels) -> str:
    if not door:
        return escape(cell)
    label = say("door.open", what=cell, number=say("say.list").join(row[1:]))
    return f'<button type="button" {door} aria-label="{escape(label, quote=True)}">{escape(cell)}</button>'
