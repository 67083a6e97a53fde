"""What a cell of a rule file may hold: types, limits, references. What rows mean together is in spans.py."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from dagster_project.lib.rules.faults import Fault, quoted
from dagster_project.lib.rules.kinds import VALIDITY, Column, Kind
from dagster_project.lib.rules.reading import Row
from dagster_project.safe_tables import FORMULA_STARTS

Value = str | Decimal | date | None
_NUMBER = re.compile(r"-?[0-9]{1,18}(\.[0-9]{1,9})?", re.ASCII)
_DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", re.ASCII)
_FORMULA = re.compile(FORMULA_STARTS)
_DECIMALS = {"whole": 0, "amount": 2}
LONGEST_TEXT = 500


@dataclass(frozen=True)
class Rule:
    """One row whose cells could be read: its line and its values; validity from and to, both included."""

    line: int
    values: Mapping[str, Value]
    valid_from: date
    valid_to: date


def typed(
    rows: list[Row], file: str, kind: Kind, references: Mapping[str, Collection[str]]
) -> tuple[list[Rule], list[Fault]]:
    """The rows without a fault as rules, and the faults of the others' cells."""
    rules, faults = [], []
    for row in rows:
        found: list[Fault] = []
        values: dict[str, Value] = {}
        for column in kind.columns.values():
            values[column.name] = _read(row, file, column, found, references)
        days = [_day(row, file, name, found) for name in VALIDITY]
        faults += found
        if found or days[0] is None or days[1] is None:
            continue
        if days[0] > days[1]:
            what = f"ends on {days[1]}, before it begins on {days[0]}"
            faults.append(
                Fault(file, row.line, "valid_to", "ends_before_start", what, "put the later day last")
            )
        else:
            rules.append(Rule(row.line, values, days[0], days[1]))
    return rules, faults


def _read(
    row: Row, file: str, column: Column, found: list[Fault], references: Mapping[str, Collection[str]]
) -> Value:
    cell = row.cells[column.name]
    number = _NUMBER.fullmatch(cell) if column.type != "text" else None
    for code, what, mend in _unfit(cell, column, bool(number)):
        found.append(Fault(file, row.line, column.name, code, what, mend))
        return None
    if cell == "":
        return None
    if column.type == "text":
        known = references[column.one_of] if column.one_of else column.words
        if (column.one_of or known) and cell != column.or_word and cell not in known:
            whose = f"the {column.one_of.replace('_', ' ')}" if column.one_of else "the words of this column"
            what = f"{quoted(cell)} is none of {whose}"
            mend = _known(column, known, cell)
            found.append(Fault(file, row.line, column.name, "unknown", what, mend))
        return cell
    value = Decimal(cell)
    for code, what, mend in _outside(value, column):
        found.append(Fault(file, row.line, column.name, code, what, mend))
    return value


def _unfit(cell: str, column: Column, is_number: bool) -> Iterator[tuple[str, str, str]]:
    if cell == "":
        if not column.is_optional:
            yield "missing", "is empty", "fill it in"
    elif not is_number and _FORMULA.match(cell):
        what = f"{quoted(cell)} begins like a formula"
        yield "formula", what, "write a plain value; a spreadsheet would run this"
    elif cell != cell.strip():
        yield "spaces", f"{quoted(cell)} has spaces around it", "remove them"
    elif column.type == "text":
        if len(cell) > LONGEST_TEXT or not cell.isprintable():
            yield "text", f"{quoted(cell)} is too long or holds a line break", f"at most {LONGEST_TEXT} signs"
    elif not is_number:
        yield "number", f"{quoted(cell)} is no number", "write digits, with a point before decimals"
    elif len(cell.partition(".")[2]) > _DECIMALS.get(column.type, 9):
        mend = f"at most {_DECIMALS[column.type]}" if _DECIMALS[column.type] else "write a whole number"
        yield "decimals", f"{quoted(cell)} has too many decimals", mend


def _outside(value: Decimal, column: Column) -> Iterator[tuple[str, str, str]]:
    if column.least is not None and value < Decimal(column.least):
        code = "negative" if value < 0 else "too_small"
        yield code, f"{value} is below {column.least}", f"write {column.least} or more"
    if column.most is not None and value > Decimal(column.most):
        yield "too_large", f"{value} is above {column.most}", f"write {column.most} or less"


def _known(column: Column, known: Collection[str], cell: str) -> str:
    import difflib

    near = difflib.get_close_matches(cell, sorted(known), n=1)
    some = ", ".join(([column.or_word] if column.or_word else []) + sorted(known)[:12])
    if near:
        return f"do you mean {near[0]}?"
    return f"write one of {some}{', …' if len(known) > 12 else ''}" if some else "there are none yet"


def _day(row: Row, file: str, name: str, found: list[Fault]) -> date | None:
    cell = row.cells[name]
    if cell == "":
        mend = "write the day; for ever is 9999-12-31" if name == "valid_to" else "write the first day"
        found.append(Fault(file, row.line, name, "missing", "is empty: a rule needs its validity", mend))
        return None
    try:
        if _DATE.fullmatch(cell):
            return date.fromisoformat(cell)
    except ValueError:
        pass
    found.append(Fault(file, row.line, name, "date", f"{quoted(cell)} is no day", "write YYYY-MM-DD"))
    return None
