"""The table of rows behind a number, as HTML: sorted by its headings, each row a way on or one to choose.

What a press means is the page's business; here only names are given: `by/2` a heading, `row/7` a row,
`page/3` a page, `all`.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from html import escape

from app.components import grid
from app.labels import Labels

ALL = "all"
NEAR = 2
"""Pages offered on each side of the one that is shown."""


@dataclass(frozen=True)
class Head:
    """A heading; `kind` as in `grid`; `order` is `ascending`, `descending` or empty."""

    name: str
    kind: str
    order: str = ""


def html(heads: Sequence[Head], cells: Sequence[Sequence[str]], opens: int | None, say: Labels) -> str:
    """Headings sort. `opens`: the column whose cell leads on, for eyes and keys; None where no row does."""
    top = "".join(_heading(head, f"by/{at}", say) for at, head in enumerate(heads))
    rows = "".join(
        _row(heads, row, "" if opens is None else f'data-open="row/{at}"', opens)
        for at, row in enumerate(cells)
    )
    return grid.framed(top, rows, say("rows.table"))


def pages(at: int, of: int, say: Labels) -> str:
    """The way to other pages: the first, the last, those near; empty where there is one only."""
    if of < 2:
        return ""
    near = sorted({1, of, *range(max(1, at - NEAR), min(of, at + NEAR) + 1)})
    shown = ""
    for before, page in zip([0, *near], near, strict=False):
        gap = '<span aria-hidden="true">…</span>' if page > before + 1 else ""
        here = ' aria-current="page"' if page == at else ""
        label = escape(say("rows.page", n=page, of=of), quote=True)
        shown += (
            f'{gap}<button type="button" data-open="page/{page}" aria-label="{label}"{here}>{page}</button>'
        )
    return f'<nav class="ly-pages" aria-label="{escape(say("rows.pages"), quote=True)}">{shown}</nav>'


def choices(
    heads: Sequence[Head], cells: Sequence[Sequence[str]], chosen: Collection[int], say: Labels
) -> str:
    """Rows to choose some of; `chosen`: their places. The box in the headings chooses all, or none."""
    every = bool(cells) and len(chosen) == len(cells)
    top = f'<th scope="col">{_box(ALL, every, say("rows.all"))}</th>' + "".join(
        f'<th class="{head.kind}" scope="col">{escape(head.name)}</th>' for head in heads
    )
    rows = "".join(_choice(heads, row, at, at in chosen, say) for at, row in enumerate(cells))
    return grid.framed(top, rows, say("rows.table"))


def place(pressed: str | None, kind: str, many: int) -> int | None:
    """Which of `many` was pressed, where the browser says `kind/<n>`; None for anything else."""
    name, _, number = (pressed or "").partition("/")
    if name != kind or not (number.isascii() and number.isdigit()):
        return None
    at = int(number[:6])
    return at if at < many else None


def _heading(head: Head, name: str, say: Labels) -> str:
    state = f' aria-sort="{head.order}"' if head.order else ""
    sign = {"ascending": " ▲", "descending": " ▼"}.get(head.order, "")
    label = escape(say("rows.sort", what=head.name), quote=True)
    return (
        f'<th class="{head.kind}" scope="col"{state}><button type="button" data-open="{name}"'
        f' aria-label="{label}">{escape(head.name)}<span aria-hidden="true">{sign}</span></button></th>'
    )


def _row(heads: Sequence[Head], row: Sequence[str], door: str, opens: int | None) -> str:
    told = [escape(cell) for cell in row]
    if opens is not None:
        told[opens] = f'<button type="button" {door}>{told[opens]}</button>'
    cells = "".join(f'<td class="{head.kind}">{cell}</td>' for head, cell in zip(heads, told, strict=True))
    return f"<tr {door}>{cells}</tr>"


def _choice(heads: Sequence[Head], row: Sequence[str], at: int, is_on: bool, say: Labels) -> str:
    name, label = f"row/{at}", say("rows.choose", what=row[0])
    cells = "".join(
        f'<td class="{head.kind}">{escape(cell)}</td>' for head, cell in zip(heads, row, strict=True)
    )
    return f'<tr data-open="{name}"><td>{_box(name, is_on, label)}</td>{cells}</tr>'


def _box(name: str, is_on: bool, label: str) -> str:
    return (
        f'<button type="button" role="checkbox" class="ly-box" aria-checked="{str(is_on).lower()}"'
        f' data-open="{name}" aria-label="{escape(label, quote=True)}"></button>'
    )
