"""What opens behind a number: what it means, its numerator and denominator, channels, sources, orders."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import polars as pl
import streamlit as st

from app import formats, rows
from app.components import todo
from app.labels import Labels
from app.queries import actions, index, missed
from app.view import View


def part(view: View, kpi: str, sources: Sequence[Mapping[str, Any]]) -> None:
    """Open the dialog of one of the five parts."""
    say, row = view.say, view.parts.get(kpi, {})

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
        rows.show(view.version, say, f"missed_{kpi}", missed.rows(kpi, view.scope), in_url=False)

    dialog()


def open_anomalies(view: View, group: Mapping[str, Any]) -> None:
    """Open the dialog with the open anomalies of one of the three actions."""
    say, event_code, place = view.say, group["event_code"], group["place"]

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
    names = {say("column.kpi"): [say.name("kpi", source["kpi"]) for source in sources]} if with_kpi else {}
    shown = {
        **names,
        say("column.source"): [say.name("feed", source["source_feed"]) for source in sources],
        say("column.newest"): [
            formats.moment(at) if (at := source["newest_exported_at"]) else formats.NO_DATA
            for source in sources
        ],
        say("column.fresh"): [_freshness(source, say) for source in sources],
    }
    st.dataframe(pl.DataFrame(shown), hide_index=True, height="content")


def _freshness(source: Mapping[str, Any], say: Labels) -> str:
    words = say.name("note", source["note_code"])
    if source["age_hours"] is None:
        return words
    return f"{words} · {formats.age(source['age_hours'], say.lang)}"


def _channels_table(channels: pl.DataFrame, say: Labels) -> None:
    if channels.is_empty():
        st.caption(say("detail.empty"))
        return
    frame = channels.select(
        pl.col("channel")
        .replace_strict(
            {code: say.name("channel", code) for code in channels["channel"]}, return_dtype=pl.String
        )
        .alias(say("column.channel")),
        pl.col("numerator").alias(say("detail.numerator")),
        pl.col("denominator").alias(say("detail.denominator")),
        (pl.col("value") * 100).alias(say("column.rate")),
    )
    counted = st.column_config.NumberColumn(format="localized")
    formatted = {
        say("detail.numerator"): counted,
        say("detail.denominator"): counted,
        say("column.rate"): st.column_config.NumberColumn(format="%.1f%%"),
    }
    st.dataframe(frame, hide_index=True, height="content", column_config=formatted)
