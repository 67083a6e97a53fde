"""The overview: how healthy is the promise to the customer, what changed, why, and what to do first.

Lays out only: SQL is in queries, pictures in charts and components, words in labels.
"""

from __future__ import annotations

from html import escape

import streamlit as st

from app import answer, details, drill, formats
from app.charts import palette, trend, waterfall
from app.components import gaps, hero, part_card, todo
from app.frame import Desk, page
from app.queries import actions, index, trust
from app.view import View

FEW_DAYS = 14
"""Under this many days with an index in 90, a line by week tells more than one by day."""
SPARK_DAYS = {"day": 28, "week": 84, "month": 366, "total": 90}
"""Days that a sparkline looks back, by kind of period."""


def body(desk: Desk) -> None:
    """The page over the current version."""
    view = View(
        version=desk.version,
        scope=desk.scope,
        period=desk.period,
        offered=desk.offered,
        as_of=desk.as_of,
        parts=index.period(desk.version, desk.scope),
        before=index.before(desk.version, desk.scope),
        say=desk.say,
    )
    with st.container(key="answer"):
        left, right = st.columns([4, 8], gap="medium")
        with left:
            _answer(view)
        with right, st.container(key="trend"):
            _trend(view)
    _parts(view)
    with st.container(key="below"):
        left, right = st.columns([5, 7], gap="small")
        with left, st.container(key="todo"):
            _todo(view)
        with right, st.container(key="waterfall"):
            _waterfall(view)


def _answer(view: View) -> None:
    say = view.say
    with st.container(key="hero"):
        st.html(hero.html(answer.of(view), say))
        if st.button(say("index.open"), key="open_index"):
            drill.open_door(view, index.parts_rows(view.scope, say("index.parts")))


def _trend(view: View) -> None:
    say, kind = view.say, "day"
    points = index.points(view.version, view.scope.channel, kind, view.last_day)
    if sum(value is not None for _, value in points) < FEW_DAYS:
        weekly = index.points(view.version, view.scope.channel, "week", view.last_day)
        if any(value is not None for _, value in weekly):
            points, kind = weekly, "week"
    known = [value for _, value in points if value is not None]
    if not known:
        _heading(say("trend.empty_title"))
        st.html(f'<p class="ly-empty ly-muted">{escape(say("trend.empty"))}</p>')
        return
    title = say("trend.title", first=formats.index(known[0]), last=formats.index(known[-1]))
    _heading(title, say(f"trend.by_{kind}"))
    target = view.total.get("target")
    words = "" if target is None else say("part.target", target=formats.index(target))
    option = trend.option(points, target, words, say("index.title"), palette.of(st.context.theme.type))
    st.echarts_chart(option, height="stretch", key="trend_chart", alt=title)


def _parts(view: View) -> None:
    say = view.say
    look_back = "day" if view.kind == "total" else view.kind
    until = view.last_day if view.kind == "total" else view.scope.start
    histories = index.histories(view.version, view.scope.channel, look_back, until, SPARK_DAYS[view.kind])
    sources = trust.sources(view.version).to_dicts()
    with st.container(key="parts"):
        for column, kpi in zip(st.columns(len(index.PARTS), gap="small"), index.PARTS, strict=True):
            own = [source for source in sources if source["kpi"] == kpi]
            with column, st.container(key=f"part_{kpi}"):
                st.html(part_card.html(kpi, view.parts.get(kpi, {}), histories.get(kpi, []), own, say))
                if st.button(say("part.open", part=say(f"kpi.{kpi}")), key=f"open_{kpi}"):
                    details.part(view, kpi, own)


def _todo(view: View) -> None:
    say = view.say
    _heading(say("todo.title"), say("todo.note", moment=formats.moment(view.as_of)))
    groups = actions.first(view.version, view.scope.channel).to_dicts()
    if not groups:
        st.html(todo.none(say))
    for rank, group in enumerate(groups, start=1):
        with st.container(key=f"do_{rank}"):
            st.html(todo.html(rank, group, view.as_of, say))
            label = say("todo.open", what=todo.what(group, say), where=todo.where(group, say))
            if st.button(label, key=f"open_do_{rank}"):
                details.open_anomalies(view, group)


def _waterfall(view: View) -> None:
    say, value, before = view.say, view.total.get("value"), view.before
    steps = [(kpi, view.parts.get(kpi, {}).get("contribution")) for kpi in index.PARTS]
    known = [(kpi, float(step)) for kpi, step in steps if step is not None]
    if value is None or before is None or len(known) < len(index.PARTS):
        _heading(say("gaps.title"), say("gaps.note"))
        st.html(gaps.html(view.parts, index.PARTS, say))
        return
    title = say(
        "waterfall.title",
        previous=say(f"previous.{view.kind}"),
        this=say(f"this.{view.kind}"),
        before=formats.index(before),
        now=formats.index(value),
    )
    _heading(title, say("waterfall.note"))
    printed = [(say(f"short.{k}"), step, formats.points(step, say.lang, 2, unit=False)) for k, step in known]
    ends = (say("waterfall.before"), say("waterfall.now"))
    option = waterfall.option(before, value, printed, ends, palette.of(st.context.theme.type))
    st.echarts_chart(option, height="stretch", key="waterfall_chart", alt=title)


def _heading(words: str, note: str = "") -> None:
    small = f"<small>{escape(note)}</small>" if note else ""
    st.html(f"<h2>{escape(words)}{small}</h2>")


page("overview", body, filters=("period", "channel"))
