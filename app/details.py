"""What opens behind a number: what it means, its numerator and denominator, channels, sources, orders."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

import streamlit as st

from app import formats, rows
from app.components import grid, todo
from app.labels import Labels
from app.queries import actions, index, missed
from app.view import View

if TYPE_CHECKING:
    import polars as pl


def part(view: View, kpi: str, sources: Sequence[Mapping[str, Any]]) -> None:
    """Open the dialog of one of the five parts."""
    say, row, table = view.say, view.parts.get(kpi, {}), f"missed_{kpi}"
    rows.forget(table)

    @st.dialog(say(f"kpi.{kpi}"), width="large")
    def dialog() -> None:
        st.markdown(say(f"about.{kpi}"))
        figures = st.columns(4)
        figures[0].metric(say("column.rate"), formats.percent(row.get("value")))
        figures[1].metric(say("detail.numerator"), formats.count(row.get("numerator"), say.lang))
        figures[2].metric(say("detail.denominator"), formats.count(row.get("denominator"), say.lang))
        figures[3].metric(say("detail.coverage"), formats.percent(row.get("coverage")))
        left, right = st.columns(2)
        with left:
            st.markdown(f"**{say('detail.by_channel')}**")
            _channels_table(index.by_channel(view.version, kpi, view.scope), say)
        with right:
            st.markdown(f"**{say('detail.sources')}**")
            sources_table(sources, say)
        st.markdown(f"**{say('detail.rows')}**")
        rows.show(view.version, say, table, missed.rows(kpi, view.scope), in_url=False)

    dialog()


def open_anomalies(view: View, group: Mapping[str, Any]) -> None:
    """Open the dialog with the open anomalies of one of the three actions."""
    say, event_code, place = view.say, group["event_code"], group["place"]
    rows.forget("open_anomalies")

    @st.dialog(f"{todo.what(group, say)} · {todo.where(group, say)}", width="large")
    def dialog() -> None:
        st.markdown(say.name("do", event_code, "do.other"))
        mine = actions.rows(view.scope.channel, event_code, place)
        rows.show(view.version, say, "open_anomalies", mine, in_url=False)

    dialog()


def sources_table(sources: Sequence[Mapping[str, Any]], say: Labels, with_kpi: bool = False) -> None:
    """The sources of one or all KPIs, with age and freshness in words."""
    if not sources:
        st.caption(say("trust.line.unknown"))
        return
    heads = [
        *([(say("column.kpi"), grid.WORDS)] if with_kpi else []),
        (say("column.source"), grid.WORDS),
        (say("column.newest"), grid.FIGURE),
        (say("column.fresh"), grid.WORDS),
    ]
    cells = [
        [
            *([say.name("kpi", source["kpi"])] if with_kpi else []),
            say.name("feed", source["source_feed"]),
            formats.moment(at) if (at := source["newest_exported_at"]) else formats.NO_DATA,
            _freshness(source, say),
        ]
        for source in sources
    ]
    st.html(grid.html(heads, cells, [""] * len(cells), say))


def _freshness(source: Mapping[str, Any], say: Labels) -> str:
    words = say.name("note", source["note_code"])
    if source["age_hours"] is None:
        return words
    return f"{words} · {formats.age(source['age_hours'], say.lang)}"


def _channels_table(channels: pl.DataFrame, say: Labels) -> None:
    if channels.is_empty():
        st.caption(say("detail.empty"))
        return
    heads = [
        (say("column.channel"), grid.WORDS),
        (say("detail.numerator"), grid.FIGURE),
        (say("detail.denominator"), grid.FIGURE),
        (say("column.rate"), grid.FIGURE),
    ]
    cells = [
        [
            say.name("channel", row["channel"]),
            formats.count(row["numerator"], say.lang),
            formats.count(row["denominator"], say.lang),
            formats.percent(row["value"]),
        ]
        for row in channels.to_dicts()
    ]
    st.html(grid.html(heads, cells, [""] * len(cells), say))
