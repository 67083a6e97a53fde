"""Numbers, dates, state words and the sentence, in both languages."""

from __future__ import annotations

from datetime import date, datetime, timedelta

import pytest

from app import formats, sentence
from app.components import notices
from app.labels import Labels
from app.periods import Period, caption, default, default_start, last_day, name
from app.queries.index import PARTS
from app.states import State, Trust, state_of, worst

ZH, EN = Labels("zh"), Labels("en")
AS_OF = datetime(2026, 1, 31, 7, 40)


@pytest.mark.parametrize(
    ("value", "zh", "en"),
    [
        (None, "—", "—"),
        (0, "0", "0"),
        (9_999, "9,999", "9,999"),
        (123_456, "12.3 万", "123,456"),
        (234_000_000, "2.34 亿", "234,000,000"),
    ],
)
def test_counts_are_grouped_and_use_wan_where_apt(value: float | None, zh: str, en: str) -> None:
    """Passes if no data is a dash, never 0, and zero is 0."""
    assert formats.count(value, "zh") == zh
    assert formats.count(value, "en") == en


def test_money_carries_its_unit() -> None:
    """Passes if 元, 万元 and CNY stand where people expect them."""
    assert formats.money(480.5, "zh") == "480 元"
    assert formats.money(32_450, "zh") == "3.2 万元"
    assert formats.money(32_450, "en") == "CNY 32,450"
    assert formats.money(None, "zh") == "—"


def test_rates_have_one_decimal_and_differences_their_unit() -> None:
    """Passes if a rounded zero has no sign and a minus is a minus sign, not a hyphen."""
    assert formats.percent(0.93149) == "93.1%"
    assert formats.percent(None) == "—"
    assert formats.points(1.24, "zh") == "+1.2 个百分点"
    assert formats.points(-0.4, "en", 2) == "−0.40 pp"
    assert formats.points(-0.001, "en") == "0.0 pp"
    assert formats.weight(0.3) == "30%"


def test_periods_are_named_by_their_dates() -> None:
    """Passes if the year stands only where it is not the year of the data."""
    assert formats.period("week", date(2026, 1, 19), "zh", 2026) == "1月19日–1月25日"
    assert formats.period("week", date(2025, 12, 29), "zh", 2026) == "2025年12月29日–1月4日"
    assert formats.period("week", date(2026, 1, 19), "en", 2026) == "19 Jan – 25 Jan"
    assert formats.period("month", date(2026, 1, 1), "en", 2026) == "January 2026"
    assert formats.period("day", date(2026, 1, 5), "zh", 2026) == "1月5日"


def test_ages_turn_from_hours_to_days() -> None:
    """Passes on both sides of the turn, and for one hour in English."""
    assert formats.age(0.5, "zh") == "不到 1 小时"
    assert formats.age(1, "en") == "1 hour"
    assert formats.age(47.9, "en") == "47 hours"
    assert formats.age(48, "zh") == "2 天"


@pytest.mark.parametrize(
    ("value", "target", "status", "state"),
    [
        (0.95, 0.95, "ok", State.ON_TARGET),
        (0.9499, 0.95, "ok", State.ATTENTION),
        (0.855, 0.95, "ok", State.ATTENTION),
        (0.85, 0.95, "ok", State.ALERT),
        (0.99, 0.95, "small_sample", State.SMALL_SAMPLE),
        (None, 0.95, "missing", State.INCOMPLETE),
        (None, 90.0, "incomplete 4/5", State.INCOMPLETE),
        (0.5, None, "ok", State.UNRATED),
    ],
)
def test_the_state_word_follows_target_and_status(
    value: float | None, target: float | None, status: str, state: State
) -> None:
    """Passes on each boundary: exactly on target is on target."""
    assert state_of(value, target, status) is state


def test_the_least_trusted_source_speaks() -> None:
    """Passes if missing beats stale, stale beats incomplete, and no source at all is unknown."""
    assert worst(["trusted", "stale", "incomplete", "missing"]) is Trust.MISSING
    assert worst(["trusted", "stale", "incomplete"]) is Trust.STALE
    assert worst(["trusted", "incomplete"]) is Trust.INCOMPLETE
    assert worst(["trusted"]) is Trust.TRUSTED
    assert worst([]) is Trust.UNKNOWN


def _parts(contributions: list[float], values: list[float | None]) -> dict[str, dict[str, float | None]]:
    rows = zip(PARTS, contributions, values, strict=True)
    return {kpi: {"contribution": step, "value": value, "target": 0.9} for kpi, step, value in rows}


def test_the_sentence_names_the_greatest_lift_and_drag_and_the_furthest_part() -> None:
    """Passes if a rise names the lift first, a fall the drag."""
    parts = _parts([0.57, -0.40, 0.31, 0.72, 0.0], [0.93, 0.71, 0.95, 0.92, 0.91])
    up = sentence.compose(parts, PARTS, change=1.2, kind="week", period="1月", say=ZH)
    assert up == (
        "健康度比前一周升 1.2 个百分点，跨渠道合并率拉动最多（+0.72），异常 2 小时解决率拖累最多（−0.40）。"
        "异常 2 小时解决率离目标最远：71.0%，目标 90.0%。"
    )
    down = sentence.compose(parts, PARTS, change=-1.2, kind="month", period="Jan", say=EN)
    assert down.startswith("The index fell 1.2 pp on the month before; anomalies solved in 2 h weighed")


def test_the_sentence_says_level_met_and_missing() -> None:
    """Passes if nothing is made of noise, and a missing part is named, not counted as 0."""
    met = _parts([0.01, -0.01, 0.0, 0.0, 0.0], [0.95] * 5)
    assert sentence.compose(met, PARTS, change=0.0, kind="week", period="x", say=ZH) == (
        "健康度与前一周持平。五项都达标。"
    )
    lacking = _parts([0.0] * 5, [0.95, 0.95, 0.95, 0.95, None])
    said = sentence.compose(lacking, PARTS, change=None, kind="week", period="19 Jan", say=EN)
    assert said.startswith("No data for SLA offers accepted in 19 Jan")
    first = sentence.compose(met, PARTS, change=None, kind="total", period="x", say=EN)
    assert first == "There is no earlier period to compare with. All five parts are on target."


def test_a_small_sample_is_named_and_leads_no_ranking() -> None:
    """Passes if a rate of few is not called furthest from its target, and its change carries a warning."""
    parts = _parts([0.2, -0.1, 0.0, -9.0, 0.0], [0.93, 0.8, 0.95, 0.0, 0.91])
    parts["cross_channel_merge_rate"]["status"] = "small_sample"  # type: ignore[assignment]
    said = sentence.compose(parts, PARTS, change=-8.9, kind="month", period="2月", say=ZH)
    assert "异常 2 小时解决率离目标最远" in said
    assert said.endswith("跨渠道合并率样本少，变化仅供参考。")


def _period(kind: str, start: date, data: str = "sound", is_complete: bool = True) -> Period:
    return Period(kind, start, data != "lacking", data == "sound", is_complete)


def test_the_first_period_is_the_latest_complete_week_else_month() -> None:
    """Passes if a running week is not chosen, and a week of few data gives way to the month."""
    running = _period("week", date(2026, 1, 26), is_complete=False)
    lacking = _period("week", date(2026, 1, 19), "lacking")
    whole = _period("week", date(2026, 1, 12))
    small = _period("week", date(2026, 1, 19), "small")
    month = _period("month", date(2025, 12, 1))
    small_month = _period("month", date(2025, 12, 1), "small")
    total = _period("total", date(2025, 12, 1))
    assert default([running, whole, month, total]) == whole
    assert default([running, small, whole, month, total]) == month
    assert default([running, lacking, whole, month, total]) == month
    assert default([running, small, small_month, total]) == small_month
    assert default([running, lacking, whole, total]) == whole
    assert default([running, lacking, total]) == lacking
    assert default([running]) == running
    assert default([]) is None
    assert default_start([running, lacking, whole], "week") == whole
    assert caption(lacking, [running, lacking, whole], ZH) == "最近完整的一周"
    assert caption(whole, [running, lacking, whole], ZH) == "一周"
    assert name(running, AS_OF, EN) == "26 Jan – 1 Feb (so far)"
    assert last_day(running, AS_OF) == date(2026, 1, 31)
    assert last_day(_period("month", date(2025, 12, 1)), AS_OF) == date(2025, 12, 31)


def test_an_old_page_says_so_and_why() -> None:
    """Passes if a young page is silent, a page not renewed warns, and a page about the past says that."""
    soon = AS_OF + timedelta(hours=36)
    assert notices.stale(AS_OF, AS_OF, soon, ZH) == ""
    late = AS_OF + timedelta(days=3)
    assert "3 天" in notices.stale(AS_OF, AS_OF, late, ZH)
    assert "ly-old" in notices.stale(AS_OF, AS_OF, late, ZH)
    replayed = notices.stale(AS_OF, late, late, EN)
    assert "past data" in replayed
    assert "ly-past" in replayed
