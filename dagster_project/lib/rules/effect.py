"""What approved changes make of the rows of a kind: before a change's day they are as they were, from it on
they are those of its file. Pure functions over rows; reading and writing are elsewhere.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, timedelta

from dagster_project.lib.rules.changes import Change
from dagster_project.lib.rules.kinds import VALIDITY, Kind

Cells = dict[str, str]
FROM, TO = VALIDITY
_DAY = timedelta(days=1)
LAST_DAY = "9999-12-31"
MOST_TOLD = 5
"""Differences that a mark tells; the rest is counted."""


def rows_of(content: str) -> list[Cells]:
    """The rows of a rule file that was checked."""
    return [dict(row) for row in csv.DictReader(io.StringIO(content.removeprefix("\ufeff"), newline=""))]


def text_of(rows: Iterable[Mapping[str, str]], kind: Kind) -> str:
    """Rows as a rule file."""
    out = io.StringIO()
    writer = csv.DictWriter(out, kind.header, restval="", extrasaction="ignore", lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    return out.getvalue()


def applied(rows: Sequence[Cells], change: Change) -> list[Cells]:
    """The rows after one change: cut off on the day before it, then those of its file from that day on."""
    begins = change.valid_from
    eve = str(date.fromisoformat(begins) - _DAY)
    before = [row | {TO: min(row[TO], eve)} for row in rows if row[FROM] < begins]
    after = [row | {FROM: max(row[FROM], begins)} for row in rows_of(change.content) if row[TO] >= begins]
    return [*before, *after]


def effective(rows: Sequence[Cells], changes: Iterable[Change]) -> list[Cells]:
    """The rows after all changes, in their order."""
    result = list(rows)
    for change in changes:
        result = applied(result, change)
    return result


def is_same(before: Sequence[Cells], after: Sequence[Cells], kind: Kind) -> bool:
    """Whether the same rules hold on every day, however their rows are cut."""
    return all(_holding(before, day, kind) == _holding(after, day, kind) for day in _cuts(before, after))


def differences(before: Sequence[Cells], after: Sequence[Cells], day: str, kind: Kind) -> list[str]:
    """What differs on a day, a few words a rule: `app: promised_ship_hours 48 → 24`."""
    one, other = _on(before, day, kind), _on(after, day, kind)
    told = []
    for name in [*one, *(name for name in other if name not in one)]:
        label = " ".join(name) or kind.name
        if name not in other:
            told.append(f"{label}: −")
        elif name not in one:
            told.append(f"{label}: + {_said(other[name], kind)}")
        elif changed := [c for c in kind.columns if one[name][c] != other[name][c]]:
            told.append(f"{label}: " + ", ".join(f"{c} {one[name][c]} → {other[name][c]}" for c in changed))
    return told


def detail(before: Sequence[Cells], after: Sequence[Cells], day: str, kind: Kind) -> str:
    """The differences on the first day from `day` on that has any, as one line; empty where none has."""
    days = [day, *(cut for cut in _cuts(before, after) if cut > day)]
    first = next((cut for cut in days if differences(before, after, cut, kind)), None)
    if first is None:
        return ""
    told = differences(before, after, first, kind)
    more = [f"… {len(told) - MOST_TOLD} more"] if len(told) > MOST_TOLD else []
    return (f"({first}) " if first > day else "") + "; ".join([*told[:MOST_TOLD], *more])


def _cuts(before: Sequence[Cells], after: Sequence[Cells]) -> list[str]:
    """The days on which any row begins, or has just ended."""
    rows = (*before, *after)
    ended = {str(date.fromisoformat(row[TO]) + _DAY) for row in rows if row[TO] < LAST_DAY}
    return sorted({row[FROM] for row in rows} | ended)


def _holding(rows: Sequence[Cells], day: str, kind: Kind) -> list[list[str]]:
    return sorted([row[c] for c in kind.columns] for row in rows if row[FROM] <= day <= row[TO])


def _on(rows: Sequence[Cells], day: str, kind: Kind) -> dict[tuple[str, ...], Cells]:
    names = (*kind.key, *((kind.band.from_column,) if kind.band else ()))
    return {tuple(row[name] for name in names): row for row in rows if row[FROM] <= day <= row[TO]}


def _said(row: Cells, kind: Kind) -> str:
    return ", ".join(f"{column} {row[column]}" for column in kind.columns if column not in kind.key)
