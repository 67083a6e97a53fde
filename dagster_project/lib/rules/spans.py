"""What the rows of a rule file mean together, day by day: overlaps, holes, sums, rows that each day needs.

The days are cut where any row begins or ends; between two cuts every day is like the other. What one cell may
hold does not belong here.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from datetime import date, timedelta
from decimal import Decimal
from itertools import combinations, pairwise
from typing import Any

from dagster_project.lib.rules.cells import Rule, Value
from dagster_project.lib.rules.faults import Fault
from dagster_project.lib.rules.kinds import Kind

LAST_DAY = date(9999, 12, 31)
_DAY = timedelta(days=1)


def faults(
    rules: list[Rule], file: str, kind: Kind, references: Mapping[str, Collection[str]]
) -> list[Fault]:
    """Everything that is wrong with the rules of one file as a whole."""
    if not rules:
        what, mend = "has no rows", "write a row for each rule"
        return [Fault(file, 1, None, "empty", what, mend)] if kind.must_have or kind.is_whole_time else []
    found = [*_inverted(rules, file, kind)]
    groups = _grouped(rules, kind)
    for name, group in groups.items():
        found += _overlaps(group, file, kind)
        if kind.is_whole_time:
            found += _holes(group, file, kind, name)
    found += _lacking(rules, file, kind, references)
    if kind.fixed_as:
        found += _unfixed(rules, file, kind, references[kind.fixed_as])
    if kind.sum_column:
        found += _sums(rules, file, kind)
    return list(dict.fromkeys(found))


def spans(rules: Iterable[Rule]) -> Iterator[tuple[date, date, list[Rule]]]:
    """First and last day of each stretch in which the same rules hold, and those, from the first day on."""
    ordered = sorted(rules, key=lambda rule: (rule.valid_from, rule.line))
    begins = {rule.valid_from for rule in ordered}
    after = {rule.valid_to + _DAY for rule in ordered if rule.valid_to < LAST_DAY}
    cuts = sorted(begins | after)
    for at, first in enumerate(cuts):
        last = cuts[at + 1] - _DAY if at + 1 < len(cuts) else LAST_DAY
        yield first, last, [rule for rule in ordered if rule.valid_from <= first and rule.valid_to >= last]


def _grouped(rules: list[Rule], kind: Kind) -> dict[tuple[Value, ...], list[Rule]]:
    groups: dict[tuple[Value, ...], list[Rule]] = {}
    for rule in rules:
        groups.setdefault(tuple(rule.values[column] for column in kind.key), []).append(rule)
    if kind.meets_all is None:
        return groups
    general = [rule for name, group in groups.items() if name[0] == kind.meets_all for rule in group]
    return {
        name: group if name[0] == kind.meets_all else [*general, *group] for name, group in groups.items()
    }


def _overlaps(group: list[Rule], file: str, kind: Kind) -> Iterator[Fault]:
    for one, other in combinations(sorted(group, key=lambda rule: rule.line), 2):
        first, last = max(one.valid_from, other.valid_from), min(one.valid_to, other.valid_to)
        if first > last or not _bands_meet(one, other, kind):
            continue
        what = f"holds from {first} to {last}, as line {one.line} does for the same {_named(kind)}"
        is_same = one.values == other.values and (one.valid_from, one.valid_to) == (
            other.valid_from,
            other.valid_to,
        )
        mend = "delete one of them" if is_same else "let the earlier one end on the day before"
        yield Fault(file, other.line, "valid_from", "duplicate" if is_same else "overlap", what, mend)


def _bands_meet(one: Rule, other: Rule, kind: Kind) -> bool:
    if kind.band is None:
        return True
    (from_1, below_1), (from_2, below_2) = (_ends(rule, kind) for rule in (one, other))
    return from_1 < below_2 and from_2 < below_1


def _ends(rule: Rule, kind: Kind) -> tuple[Decimal, Decimal]:
    assert kind.band is not None
    ends = rule.values[kind.band.from_column], rule.values[kind.band.below_column]
    assert isinstance(ends[0], Decimal)
    assert isinstance(ends[1], Decimal)
    return ends[0], ends[1]


def _inverted(rules: list[Rule], file: str, kind: Kind) -> Iterator[Fault]:
    if kind.band is None:
        return
    for rule in rules:
        from_, below = _ends(rule, kind)
        if from_ >= below:
            what = f"{below} is not above {kind.band.from_column} {from_}"
            yield Fault(
                file, rule.line, kind.band.below_column, "band_order", what, "write the larger end here"
            )


def _holes(group: list[Rule], file: str, kind: Kind, name: tuple[Value, ...]) -> Iterator[Fault]:
    of = f" for {', '.join(map(str, name))}" if name else ""
    before = group[0]
    for first, last, active in spans(group):
        if not active and kind.may_end and last == LAST_DAY:
            return
        if not active:
            what = f"no rule holds{of} from {first} to {last}"
            mend = "let this row, or the next, reach over these days (for ever is 9999-12-31)"
            yield Fault(file, before.line, "valid_to", "hole", what, mend)
        elif kind.band is not None and kind.band.is_whole:
            yield from _left_out(active, file, kind, first)
        before = active[-1] if active else before


def _left_out(active: list[Rule], file: str, kind: Kind, day: date) -> Iterator[Fault]:
    assert kind.band is not None
    ordered = sorted(active, key=lambda rule: _ends(rule, kind))
    column, first = kind.band.from_column, Decimal(kind.band.first)
    if _ends(ordered[0], kind)[0] > first:
        what = f"on {day} no row holds from {first} to below {_ends(ordered[0], kind)[0]}"
        yield Fault(file, ordered[0].line, column, "hole", what, f"begin at {first}")
    for one, other in pairwise(ordered):
        below, from_ = _ends(one, kind)[1], _ends(other, kind)[0]
        if from_ > below:
            what = f"on {day} no row holds from {below} to below {from_}"
            yield Fault(file, other.line, column, "hole", what, f"begin at {below}")


def _lacking(
    rules: list[Rule], file: str, kind: Kind, references: Mapping[str, Collection[str]]
) -> Iterator[Fault]:
    for column, needed in kind.must_have.items():
        wanted: Any = references[needed] if isinstance(needed, str) else needed
        told: set[str] = set()
        """Values said to be missing, and those whose holes are told as such."""
        line = rules[0].line
        for first, _, active in spans(rules):
            line = active[0].line if active else line
            there = {str(rule.values[column]) for rule in active}
            for missing in sorted(set(wanted) - there - told):
                what = f"on {first} there is no row of {missing}"
                yield Fault(file, line, column, "row_missing", what, "each day needs one: add it")
                told.add(missing)
            told |= there if kind.is_whole_time and not kind.may_end else set()


def _unfixed(rules: list[Rule], file: str, kind: Kind, known: Collection[str]) -> Iterator[Fault]:
    by_name = {node.split("/")[0]: node.split("/") for node in known}
    for rule in rules:
        cells = ["" if rule.values[column] is None else str(rule.values[column]) for column in kind.fixed]
        if "/".join(cells) in known:
            continue
        as_it_is = by_name.get(cells[0], cells)
        for column, cell, wanted in zip(kind.fixed, cells, as_it_is, strict=True):
            if cell != wanted:
                what = (
                    f"is {cell or 'empty'} for {cells[0]}: what it is belongs to the release, it is no rule"
                )
                yield Fault(file, rule.line, column, "fixed", what, f"write {wanted or 'nothing'}")


def _sums(rules: list[Rule], file: str, kind: Kind) -> Iterator[Fault]:
    assert kind.sum_column is not None
    wanted = Decimal(kind.sum_to or "1")
    for first, last, active in spans(rules):
        total = sum((Decimal(str(rule.values[kind.sum_column])) for rule in active), Decimal())
        if active and total != wanted:
            lines = ", ".join(str(rule.line) for rule in active)
            what = f"from {first} to {last} they sum to {total}, not {wanted} (lines {lines})"
            yield Fault(
                file, active[0].line, kind.sum_column, "sum", what, f"let them sum to {wanted} each day"
            )


def _named(kind: Kind) -> str:
    return " and ".join((*kind.key, *((kind.band.from_column,) if kind.band else ()))) or "days"
