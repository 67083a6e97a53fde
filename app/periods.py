"""Which period a page shows first, and how periods are called.

The default is the latest complete week if all five parts have data enough, else such a month; else the latest
complete month, then week, with all five parts at all; else what there is.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from app import formats
from app.labels import Labels

KINDS = ("day", "week", "month", "total")


@dataclass(frozen=True)
class Period:
    """One row of `queries.index.periods`."""

    kind: str
    start: date
    is_whole: bool
    """All five parts have data."""
    is_sound: bool
    """And none of them is a small sample."""
    is_complete: bool
    """The period has ended at as_of."""


def from_rows(rows: Sequence[dict[str, Any]]) -> list[Period]:
    """Periods, newest first within each kind."""
    return [
        Period(
            kind=row["period"],
            start=row["period_start"],
            is_whole=row["index_value"] is not None,
            is_sound=row["index_status"] == "ok",
            is_complete=row["is_complete"],
        )
        for row in rows
    ]


def default(periods: Sequence[Period]) -> Period | None:
    """The period to show first; None where there is none."""
    finished = [p for p in periods if p.is_complete]
    weeks, months = ([p for p in finished if p.kind == kind] for kind in ("week", "month"))
    sound = [p for p in (*weeks[:1], *months[:1]) if p.is_sound]
    whole = [p for p in (*months, *weeks) if p.is_whole]
    return next(iter([*sound, *whole, *weeks, *months, *finished, *periods]), None)


def of_all(periods: Sequence[Period], as_of: datetime) -> Period:
    """The period of a page without one: all data, be there none."""
    whole = [p for p in periods if p.kind == "total"]
    return next(iter(whole), Period("total", as_of.date(), False, False, True))


def default_start(periods: Sequence[Period], kind: str) -> Period:
    """The period of one kind to show first: complete and whole, else complete, else the newest."""
    of_kind = [p for p in periods if p.kind == kind]
    finished = [p for p in of_kind if p.is_complete]
    return next((p for p in finished if p.is_whole), None) or (finished or of_kind)[0]


def name(period: Period, as_of: datetime, say: Labels) -> str:
    """The period in a picker: its dates, and whether it is still running."""
    if period.kind == "total":
        return say("period.total")
    words = formats.period(period.kind, period.start, say.lang, as_of.year)
    return words if period.is_complete else say("period.open", period=words)


def caption(period: Period, periods: Sequence[Period], say: Labels) -> str:
    """Which period this is, in words: `latest complete week` where it is that."""
    latest = next((p for p in periods if p.kind == period.kind and p.is_complete), None)
    if period.kind in ("week", "month") and period == latest:
        return say(f"period.latest_{period.kind}")
    return say(f"period.chosen_{period.kind}")


def last_day(period: Period, as_of: datetime) -> date:
    """The last day of a period that as_of has seen."""
    if period.kind == "total":
        return as_of.date()
    if period.kind == "month":
        end = (period.start.replace(day=1) + timedelta(days=32)).replace(day=1) - timedelta(days=1)
    else:
        end = period.start + timedelta(days=6 if period.kind == "week" else 0)
    return min(end, as_of.date())
