"""Rules of the ids: the largest overlap keeps one, then the oldest; every change of a record's id is an
event."""

from __future__ import annotations

from datetime import datetime

import polars as pl
from hypothesis import given, settings
from hypothesis import strategies as st

from identity.ids import MEMBER_SCHEMA, carry_over

DAY_1, DAY_2, DAY_3 = datetime(2026, 1, 1), datetime(2026, 1, 2), datetime(2026, 1, 3)
GROUPING = st.dictionaries(st.integers(0, 15), st.integers(0, 5), max_size=16)


def _clusters(grouping: dict[int, int]) -> pl.DataFrame:
    numbers = list(grouping)
    frame = pl.DataFrame(
        {"source_record_id": [str(number) for number in numbers], "cluster": [grouping[n] for n in numbers]},
        schema={"source_record_id": pl.String, "cluster": pl.Int64},
    )
    return frame.with_columns(
        *(
            pl.lit(None, dtype).alias(c)
            for c, dtype in MEMBER_SCHEMA.items()
            if c not in ("source_record_id", "customer_id")
        ),
    ).with_columns(source=pl.lit("s"), role=pl.lit("owner"), record_kind=pl.lit("touchpoint"))


def _none() -> pl.DataFrame:
    return pl.DataFrame(schema=MEMBER_SCHEMA)


def _ids(members: pl.DataFrame) -> dict[str, str]:
    return dict(members.select("source_record_id", "customer_id").iter_rows())


def test_first_members_are_created_with_opaque_ids() -> None:
    members, events, aliases = carry_over(_none(), _clusters({1: 7, 2: 7, 3: 9}), DAY_1)
    ids = _ids(members)
    assert ids["1"] == ids["2"] != ids["3"]
    assert all(one.startswith("C") and len(one) == 27 for one in ids.values())
    assert events["event_type"].to_list() == ["create", "create"]
    assert aliases.is_empty()


def test_the_largest_overlap_keeps_the_id_and_a_merge_leaves_an_alias() -> None:
    first, _, _ = carry_over(_none(), _clusters({1: 1, 2: 1, 3: 2}), DAY_1)
    second, events, aliases = carry_over(first, _clusters({1: 5, 2: 5, 3: 5}), DAY_2)
    kept, gone = _ids(first)["1"], _ids(first)["3"]
    assert set(second["customer_id"]) == {kept}
    assert aliases.select("alias_id", "customer_id").rows() == [(gone, kept)]
    assert sorted(events["event_type"]) == ["merge", "move", "retire"]


def test_at_equal_overlap_the_oldest_id_stays() -> None:
    first, _, _ = carry_over(_none(), _clusters({1: 1}), DAY_1)
    second, _, _ = carry_over(first, _clusters({1: 1, 2: 2}), DAY_2)
    third, _, _ = carry_over(second, _clusters({1: 3, 2: 3}), DAY_3)
    assert set(third["customer_id"]) == {_ids(first)["1"]}


def test_a_split_leaves_the_id_with_the_largest_part() -> None:
    first, _, _ = carry_over(_none(), _clusters({1: 1, 2: 1, 3: 1}), DAY_1)
    second, events, aliases = carry_over(first, _clusters({1: 4, 2: 4, 3: 3}), DAY_2)
    assert _ids(second)["1"] == _ids(second)["2"] == _ids(first)["1"] != _ids(second)["3"]
    assert sorted(events["event_type"]) == ["create", "move", "split"]
    assert aliases.is_empty()


def test_an_alias_follows_when_its_id_is_merged_again() -> None:
    first, _, _ = carry_over(_none(), _clusters({1: 1, 2: 1, 3: 1, 4: 2, 5: 2, 6: 3}), DAY_1)
    second, _, aliases = carry_over(first, _clusters({1: 1, 2: 1, 3: 1, 4: 2, 5: 2, 6: 2}), DAY_2)
    third, _, aliases = carry_over(
        second, _clusters(dict.fromkeys(range(1, 7), 1)), DAY_3, previous_aliases=aliases
    )
    assert set(third["customer_id"]) == {_ids(first)["1"]}
    assert set(aliases["customer_id"]) == {_ids(first)["1"]}
    assert set(aliases["alias_id"]) == {_ids(first)["4"], _ids(first)["6"]}


@settings(max_examples=80, deadline=None)
@given(GROUPING, GROUPING)
def test_ids_tell_the_grouping_and_no_id_changes_in_silence(
    before: dict[int, int], after: dict[int, int]
) -> None:
    first, _, _ = carry_over(_none(), _clusters(before), DAY_1)
    second, events, aliases = carry_over(first, _clusters(after), DAY_2)
    old, new = _ids(first), _ids(second)
    assert len(new) == len(after)
    for a, cluster_a in after.items():
        for b, cluster_b in after.items():
            assert (new[str(a)] == new[str(b)]) == (cluster_a == cluster_b)
    moved = {str(n) for n in after if n in before and old[str(n)] != new[str(n)]}
    assert moved == set(events.filter(pl.col("event_type") == "move")["source_record_id"])
    gone = set(old.values()) - set(new.values())
    assert (
        gone
        == set(aliases["alias_id"])
        == set(events.filter(pl.col("event_type") == "retire")["customer_id"])
    )
    assert set(aliases["customer_id"].drop_nulls()) <= set(new.values())
    fresh = set(new.values()) - set(old.values())
    assert fresh == set(events.filter(pl.col("event_type") == "create")["customer_id"])


@settings(max_examples=30, deadline=None)
@given(GROUPING)
def test_the_same_grouping_again_changes_nothing(grouping: dict[int, int]) -> None:
    first, _, _ = carry_over(_none(), _clusters(grouping), DAY_1)
    renumbered = {record: 50 - cluster for record, cluster in reversed(grouping.items())}
    second, events, _ = carry_over(first, _clusters(renumbered), DAY_2)
    assert _ids(second) == _ids(first)
    assert events.is_empty()
