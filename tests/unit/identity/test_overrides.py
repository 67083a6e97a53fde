"""What stewards decide wins, costs as few other links as can be, and is taken back without a trace."""

from __future__ import annotations

from typing import Any

import polars as pl
from hypothesis import given, settings
from hypothesis import strategies as st
from support.identity_records import record_table

from identity import overrides
from identity.resolve import Resolution, resolve

PHONE = "13912345670"
PEOPLE: list[dict[str, Any]] = [
    {"unionid": "u1", "phone": PHONE, "name": "张伟"},
    {"unionid": "u1"},
    {"phone": PHONE, "name": "张伟"},
    {"unionid": "u2", "birthday": "19900101"},
    {"unionid": "u2", "user_id": "7"},
    {"user_id": "7"},
    {"name": "李娜"},
]
RECORDS = record_table(PEOPLE)


def decision(kind: str, left: int, right: int, number: int = 0) -> dict[str, str | None]:
    row: dict[str, str | None] = {"event_id": f"e{number}", "kind": kind, "revokes": None}
    for side, place in (("left", left), ("right", right)):
        record = RECORDS.row(place, named=True)
        row |= {f"{side}_{name}": record[name] for name in ("source", "source_record_id", "role")}
    return row


def decided(*rows: dict[str, str | None]) -> pl.DataFrame:
    return pl.DataFrame(list(rows), schema=overrides.SCHEMA)


def groups(found: Resolution) -> set[frozenset[int]]:
    table = pl.DataFrame({"cluster": found.cluster, "row": range(len(PEOPLE))})
    return {frozenset(rows) for rows in table.group_by("cluster").agg("row")["row"].to_list()}


def linked(*rows: dict[str, str | None]) -> set[frozenset[int]]:
    return groups(resolve(RECORDS, None, decided(*rows)))


PLAIN = groups(resolve(RECORDS, None))


def test_the_people_as_the_rules_see_them() -> None:
    assert groups(resolve(RECORDS, None)) == {frozenset({0, 1, 2}), frozenset({3, 4, 5}), frozenset({6})}


def test_two_records_that_must_be_one_are_whatever_speaks_against_it_and_nothing_else_changes() -> None:
    assert linked(decision("must_link", 0, 3)) == {frozenset({0, 1, 2, 3, 4, 5}), frozenset({6})}
    assert linked(decision("must_link", 2, 6)) == {frozenset({0, 1, 2, 6}), frozenset({3, 4, 5})}


def test_two_records_that_must_be_apart_are_and_the_third_stays_with_the_stronger_link() -> None:
    assert linked(decision("cannot_link", 1, 2)) == {
        frozenset({0, 1}), frozenset({2}), frozenset({3, 4, 5}), frozenset({6}),
    }  # fmt: skip
    found = resolve(RECORDS, None, decided(decision("cannot_link", 0, 1)))
    assert found.cluster[0] != found.cluster[1]
    assert groups(found) >= {frozenset({3, 4, 5}), frozenset({6})}


def test_the_last_word_about_a_pair_counts_whichever_side_is_named_first() -> None:
    first, second = decision("must_link", 0, 6, 1), decision("cannot_link", 6, 0, 2)
    assert linked(first, second) == PLAIN
    assert linked(second, first) == {frozenset({0, 1, 2, 6}), frozenset({3, 4, 5})}


def test_a_decision_taken_back_leaves_no_trace() -> None:
    gone = {**dict.fromkeys(overrides.SCHEMA), "event_id": "e9", "kind": "revoke", "revokes": "e1"}
    assert linked(decision("cannot_link", 1, 2, 1), gone) == PLAIN


def test_decisions_that_contradict_each_other_are_told() -> None:
    rows = [decision("must_link", 0, 3, 1), decision("must_link", 3, 6, 2), decision("cannot_link", 0, 6, 3)]
    numbered = RECORDS.drop("node", strict=False).with_row_index("node")
    assert overrides.contradiction(numbered, decided(*rows)) is not None
    assert overrides.contradiction(numbered, decided(*rows[:2])) is None


PAIRS = st.lists(
    st.tuples(st.sampled_from(["must_link", "cannot_link"]), st.integers(0, 6), st.integers(0, 6)).filter(
        lambda one: one[1] != one[2]
    ),
    max_size=6,
)


@settings(max_examples=30)
@given(PAIRS)
def test_whatever_is_decided_holds_unless_it_contradicts_itself(told: list[tuple[str, int, int]]) -> None:
    rows = decided(*(decision(kind, a, b, number) for number, (kind, a, b) in enumerate(told)))
    numbered = RECORDS.drop("node", strict=False).with_row_index("node")
    found = resolve(RECORDS, None, rows)
    standing = overrides.in_force(rows)
    for a, b in overrides.pairs(numbered, standing, "cannot_link").rows():
        assert found.cluster[a] != found.cluster[b]
    if overrides.contradiction(numbered, rows) is None:
        for a, b in overrides.pairs(numbered, standing, "must_link").rows():
            assert found.cluster[a] == found.cluster[b]
    again = resolve(RECORDS, None, rows)
    assert found.cluster.equals(again.cluster)
