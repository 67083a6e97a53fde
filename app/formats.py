"""Numbers, money, dates and ages as people read them, in Chinese and English.

Pure functions; `lang` is `zh` or `en`. No label of a thing belongs here.
"""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import polars as pl

MINUS = "\u2212"
NO_DATA = "\u2014"
WAN = 10_000
YI = 100_000_000
GROUPED_BELOW = 100_000
"""Counts under this stay in full (grouped) in Chinese; above, 万 reads faster."""


def index(value: float | None) -> str:
    """The index, 0 to 100, with one decimal."""
    return NO_DATA if value is None else f"{value:.1f}"


def percent(rate: float | None) -> str:
    """A rate, 0 to 1, in per cent with one decimal."""
    return NO_DATA if rate is None else f"{rate * 100:.1f}%"


def whole_percent(rate: float) -> str:
    """The end of an axis of rates: per cent without decimals."""
    return f"{rate * 100:.0f}%"


def weight(rate: float | None) -> str:
    """A weight, 0 to 1, in per cent without needless decimals."""
    return NO_DATA if rate is None else f"{rate * 100:.4g}%"


def points(value: float | None, lang: str, digits: int = 1, unit: bool = True) -> str:
    """A difference in percentage points, signed; a rounded zero carries no sign."""
    if value is None:
        return NO_DATA
    text = f"{abs(value):.{digits}f}"
    sign = "" if float(text) == 0 else "+" if value > 0 else MINUS
    return f"{sign}{text}{points_unit(lang) if unit else ''}"


def points_unit(lang: str) -> str:
    return " 个百分点" if lang == "zh" else " pp"


def count(value: float | None, lang: str) -> str:
    """A count, grouped; in Chinese with 万 and 亿 where apt."""
    if value is None:
        return NO_DATA
    if lang == "zh" and abs(value) >= YI:
        return f"{value / YI:,.2f} 亿"
    if lang == "zh" and abs(value) >= GROUPED_BELOW:
        return f"{value / WAN:,.1f} 万"
    return f"{value:,.0f}"


def money(cny: float | None, lang: str) -> str:
    """An amount of CNY: 元, 万元, 亿元, or CNY grouped."""
    if cny is None:
        return NO_DATA
    if lang != "zh":
        return f"CNY {cny:,.0f}"
    if abs(cny) >= YI:
        return f"{cny / YI:,.2f} 亿元"
    if abs(cny) >= WAN:
        return f"{cny / WAN:,.1f} 万元"
    return f"{cny:,.0f} 元"


def day(value: date, lang: str, year: bool = False) -> str:
    """1月31日 or 31 Jan, with the year where asked."""
    if lang == "zh":
        return f"{value.year}年{value.month}月{value.day}日" if year else f"{value.month}月{value.day}日"
    return f"{value.day} {value:%b}" + (f" {value.year}" if year else "")


def period(kind: str, start: date, lang: str, this_year: int) -> str:
    """A period in words short enough for a picker: the day, the week's two ends, the month."""
    year = start.year != this_year
    if kind == "month":
        return f"{start.year}年{start.month}月" if lang == "zh" else f"{start:%B %Y}"
    if kind == "week":
        end = start + timedelta(days=6)
        if lang == "zh":
            return f"{day(start, lang, year)}–{day(end, lang)}"
        return f"{day(start, lang)} – {day(end, lang, year)}"
    return day(start, lang, year)


def moment(value: datetime) -> str:
    """A time of the merchant's wall clock, to the minute."""
    return f"{value:%Y-%m-%d %H:%M}"


def age(hours: float | None, lang: str) -> str:
    """How old something is: hours under two days, days from there."""
    if hours is None:
        return NO_DATA
    if hours < 1:
        return "不到 1 小时" if lang == "zh" else "under 1 hour"
    if hours < 48:
        whole = int(hours)
        return f"{whole} 小时" if lang == "zh" else f"{whole} hour{'s' if whole != 1 else ''}"
    return f"{int(hours // 24):,} 天" if lang == "zh" else f"{int(hours // 24):,} days"


def quantity(value: float | None, signed: bool = False) -> str:
    """A number of pieces, grouped, without needless decimals."""
    if value is None:
        return NO_DATA
    text = f"{abs(value):,.3f}".rstrip("0").rstrip(".")
    sign = MINUS if value < 0 else "+" if signed and value > 0 else ""
    return f"{sign}{text}"


def hours(value: float | None, lang: str) -> str:
    """A duration of hours with one decimal; days from 72 hours on."""
    if value is None:
        return NO_DATA
    if value >= 72:
        return f"{value / 24:,.1f} 天" if lang == "zh" else f"{value / 24:,.1f} d"
    return f"{value:.1f} 小时" if lang == "zh" else f"{value:.1f} h"


def hours_pair(median: float | None, ninetieth: float | None, lang: str) -> str:
    """Median and 90th percentile, in one unit."""
    if median is None or ninetieth is None:
        return NO_DATA
    if ninetieth >= 72:
        return f"{median / 24:.1f} / {hours(ninetieth, lang)}"
    return f"{median:.1f} / {hours(ninetieth, lang)}"


def seconds(value: float | None, lang: str) -> str:
    """A short duration: seconds, minutes from two of them on, hours from two of those."""
    if value is None:
        return NO_DATA
    if value >= 7200:
        return hours(value / 3600, lang)
    if value >= 120:
        return f"{value / 60:.0f} 分钟" if lang == "zh" else f"{value / 60:.0f} min"
    return f"{value:.0f} 秒" if lang == "zh" else f"{value:.0f} s"


def minutes(value: float | None, lang: str) -> str:
    """A response time: minutes, hours from two of them on."""
    return NO_DATA if value is None else seconds(value * 60, lang)


def masked_column(name: str) -> pl.Expr:
    """A column of business keys with their middles left out: enough to recognise one, not to copy it on."""
    import polars as pl

    key = pl.col(name)
    short = key.str.head(4) + "…" + key.str.tail(4)
    return pl.when(key.str.len_chars() <= 8).then(key).otherwise(short).alias(name)
