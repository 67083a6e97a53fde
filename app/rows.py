"""The rows behind a number: searched, sorted, paged, exported; a row opens its order.

A page gives the rows as a select (`queries.listing.Rows`) and says nothing about any of this:

    rows.show(desk.version, desk.say, "late", Rows(_SQL, ("channel", "channel_order_id", "paid_at"),
    "-paid_at"))

On a page the search, order and place stand in the URL as `<key>_q`, `<key>_by`, `<key>_at`; in a dialog
(`in_url=False`) they end with it. Columns that the reader's role may not see are left out, exports included.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from functools import partial

import polars as pl
import streamlit as st

from app import columns, exports, formats, page_state
from app.access import policy, signed_in
from app.access.policy import NoPermissionError
from app.access.roles import HIDE, MASK
from app.components import listed, press
from app.components.listed import Head
from app.labels import Labels
from app.published import Version
from app.queries import listing
from app.queries.listing import Rows, Wanted

ORDER_PAGE = "app_pages/order.py"
_KEY = ("channel", "channel_order_id")


def show(version: Version, say: Labels, key: str, rows: Rows, *, in_url: bool = True) -> None:
    """The table with all that belongs to it. `key` is unique on the page, of letters and `_`.

    On a page it is a fragment: a search draws the table anew and nothing else, over the version that it
    showed.
    """
    draw = st.fragment(_draw) if in_url else _draw
    draw(version, say, visible(rows), _State(key, in_url))


def _draw(version: Version, say: Labels, rows: Rows, state: _State) -> None:
    try:
        _drawn(version, say, rows, state)
    except NoPermissionError:  # the session has ended since the page was drawn: the page says so
        st.rerun()


def _drawn(version: Version, say: Labels, rows: Rows, state: _State) -> None:
    with st.container(key=f"rows_{state.key}"):
        with st.container(horizontal=True, vertical_alignment="center", gap="small"):
            _search(state, say)
            wanted = _wanted(rows, state, say)
            total = listing.count(version, rows, wanted)
            told = say("rows.total", n=formats.count(total, say.lang))
            st.html(f'<p class="ly-muted" data-testid="rows-total">{told}</p>', width="content")
            st.space("stretch")
            _export(version, rows, wanted, state.key, say)
        if total == 0:
            st.caption(say("rows.none_found" if wanted.search else "detail.empty"))
            return
        pages = -(-total // listing.PAGE_ROWS)
        at = min(max(state.number("at"), 1), pages)
        wanted = replace(wanted, skip=(at - 1) * listing.PAGE_ROWS)
        _table(listing.page(version, rows, wanted), wanted, (at, pages), state, say)


class _State:
    """Search (`q`), order (`by`) and place (`at`) of one table, in the URL or in the session."""

    def __init__(self, key: str, in_url: bool) -> None:
        self.key, self.in_url = key, in_url

    def get(self, name: str) -> str:
        if self.in_url:
            return page_state.chosen(f"{self.key}_{name}") or ""
        return str(st.session_state.get(f"rows_{self.key}_{name}", ""))

    def number(self, name: str) -> int:
        text = self.get(name)
        return int(text) if text.isascii() and text.isdigit() else 1

    def set(self, name: str, value: str) -> None:
        """Keeps a value; another search or order begins on the first page."""
        kept = {name: value, **({} if name == "at" else {"at": ""})}
        for each, text in kept.items():
            if self.in_url:
                page_state.keep(f"{self.key}_{each}", text)
            else:
                st.session_state[f"rows_{self.key}_{each}"] = text


def forget(key: str) -> None:
    """A table that is opened anew begins without search, order and place."""
    for name in ("q", "by", "at"):
        st.session_state.pop(f"rows_{key}_{name}", None)


def visible(rows: Rows) -> Rows:
    """Without the columns that the role may not see; of rows that no mart masks, without masked ones too."""
    role = policy.current().of_role
    left_out = (HIDE,) if rows.frame is None else (HIDE, MASK)
    return replace(rows, columns=tuple(c for c in rows.columns if role.treatment(c) not in left_out))


def _search(state: _State, say: Labels) -> None:
    widget = f"rows_{state.key}_search"
    st.session_state[widget] = state.get("q")
    st.text_input(
        say("rows.search"),
        key=widget,
        placeholder=say("rows.search"),
        label_visibility="collapsed",
        on_change=lambda: state.set("q", st.session_state[widget].strip()[: page_state.LONGEST]),
        width=220,
    )


def _wanted(rows: Rows, state: _State, say: Labels) -> Wanted:
    search, order = state.get("q"), state.get("by")
    return Wanted(
        search,
        columns.meaning(rows.columns, search, say) if search else {},
        order if listing.is_order(rows, order) else rows.order,
    )


def _table(frame: pl.DataFrame, wanted: Wanted, at_of: tuple[int, int], state: _State, say: Labels) -> None:
    """`at_of`: which page this is, and of how many."""
    by = wanted.order.removeprefix("-")
    way = "descending" if wanted.order.startswith("-") else "ascending"
    heads = [
        Head(columns.label(name, say), columns.kind(name, dtype), way if name == by else "")
        for name, dtype in frame.schema.items()
    ]
    can_open = set(_KEY) <= set(frame.columns)
    opens = frame.columns.index(_KEY[-1]) if can_open else None

    def turn(pressed: str) -> None:
        at, to = listed.place(pressed, "by", frame.width), listed.place(pressed, "page", at_of[1] + 1)
        if at is not None:
            picked = frame.columns[at]
            state.set("by", f"-{picked}" if picked == wanted.order else picked)
        if to:
            state.set("at", str(to))

    drawn = listed.html(heads, columns.cells(frame, say), opens, say) + listed.pages(*at_of, say)
    pressed = press.html(drawn, key=f"rows_{state.key}_table", on_press=turn)
    st.caption(say("rows.hint_open" if can_open else "rows.hint"))
    at = listed.place(pressed, "row", frame.height) if can_open else None
    if at is not None:
        row = frame.row(at, named=True)
        link = {**page_state.carried(), "of": row["channel"], "order": row["channel_order_id"]}
        st.switch_page(ORDER_PAGE, query_params=link)


def _export(version: Version, rows: Rows, wanted: Wanted, key: str, say: Labels) -> None:
    mine = policy.current()
    if not mine.may("export"):
        return

    check = signed_in.ticket()

    def made(kind: str) -> bytes:
        check()
        with policy.acting_as(mine):
            frame = listing.everything(version, rows, wanted)
        if kind != "parquet":
            frame = frame.rename({name: columns.label(name, say) for name in frame.columns})
        return exports.FORMATS[kind].write(frame)

    with st.popover(say("rows.export"), type="tertiary"):
        st.caption(say("rows.export_note", most=formats.count(listing.MOST_EXPORTED, say.lang)))
        for kind, form in exports.FORMATS.items():
            st.download_button(
                say(f"rows.export.{kind}"),
                data=partial(made, kind),
                file_name=f"luyue_{key}_{datetime.now():%Y%m%d_%H%M}.{form.ending}",
                mime=form.mime,
                key=f"rows_{key}_{kind}",
                on_click="ignore",
            )
