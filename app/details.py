"""What opens behind a number: what it means, its numerator and denominator, channels, sources, orders."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import polars as pl
import streamlit as st

from app import formats
from app.components import todo
from app.labels import Labels
from app.queries import actions, index, missed
from app.view import View

PAGE_ROWS = 50
COLUMNS = {
    "channel": "column.channel",
    "channel_order_id": "column.order",
    "event_code": "column.event",
    "request_type": "column.request",
    "service_level": "column.service",
    "place": "column.place",
    "merge_group_id": "column.group",
    "paid_at": "column.paid_at",
    "promise_due_at": "column.due_at",
    "promise_met_at": "column.met_at",
    "detected_at": "column.detected_at",
    "resolved_at": "column.resolved_at",
    "requested_at": "column.requested_at",
    "decided_at": "column.decided_at",
    "outcome": "column.outcome",
    "offered_at": "column.offered_at",
    "expires_at": "column.expires_at",
    "response": "column.response",
    "paid_amount_cny": "column.amount",
}
"""Label of each column that a table of orders may have, in the order shown."""
CODES = {
    "channel": "channel",
    "event_code": "event",
    "request_type": "request",
    "outcome": "outcome",
    "response": "response",
    "service_level": "service",
}
"""Label group of each column of codes."""
MASKED = ("channel_order_id", "merge_group_id")


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
        _missed(view, kpi)

    dialog()


def open_anomalies(view: View, group: Mapping[str, Any]) -> None:
    """Open the dialog with the open anomalies of one of the three actions."""
    say, event_code, place = view.say, group["event_code"], group["place"]

    @st.dialog(f"{todo.what(group, say)} · {todo.where(group, say)}", width="large")
    def dialog() -> None:
        st.markdown(say.name("do", event_code, "do.other"))
        total = actions.count(view.version, view.scope.channel, event_code, place)
        skip = _page(f"{event_code}_{place}", total, say)
        _orders_table(
            actions.rows(
                view.version,
                channel=view.scope.channel,
                event_code=event_code,
                place=place,
                size=PAGE_ROWS,
                skip=skip,
            ),
            say,
        )

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
        _named("channel", channels, say).alias(say("column.channel")),
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


def _missed(view: View, kpi: str) -> None:
    say = view.say
    total = missed.count(view.version, kpi, view.scope)
    st.markdown(f"**{say('detail.rows', n=formats.count(total, say.lang))}**")
    skip = _page(kpi, total, say)
    _orders_table(missed.rows(view.version, kpi, view.scope, size=PAGE_ROWS, skip=skip), say)


def _page(key: str, total: int, say: Labels) -> int:
    """Rows to skip: a picker of the page where there is more than one."""
    pages = -(-total // PAGE_ROWS)
    if pages <= 1:
        return 0
    page = st.number_input(say("detail.page", pages=pages), 1, pages, key=f"page_{key}", width=180)
    return (int(page) - 1) * PAGE_ROWS


def _orders_table(rows: pl.DataFrame, say: Labels) -> None:
    if rows.is_empty():
        st.caption(say("detail.empty"))
        return
    frame = rows.with_columns(
        *(formats.masked_column(key) for key in MASKED if key in rows.columns),
        *(_named(code, rows, say) for code in CODES if code in rows.columns),
    )
    names = {column: say(label) for column, label in COLUMNS.items() if column in rows.columns}
    moment = st.column_config.DatetimeColumn(format="YYYY-MM-DD HH:mm")
    config: dict[str, Any] = {name: moment for column, name in names.items() if column.endswith("_at")}
    config[say("column.amount")] = st.column_config.NumberColumn(format="%.2f")
    st.caption(say("detail.rows_hint"))
    shown = frame.select(list(names)).rename(names)
    st.dataframe(shown, hide_index=True, column_config=config, height=320, placeholder=formats.NO_DATA)


def _named(column: str, frame: pl.DataFrame, say: Labels) -> pl.Expr:
    """The column with its codes replaced by their labels."""
    names = {code: say.name(CODES[column], code) for code in frame[column].unique().drop_nulls()}
    return pl.col(column).replace_strict(names, default=None, return_dtype=pl.String)
