"""Rules of the ids: the largest overlap keeps one, then the oldest; a merge undone brings ids back; every
change of a record's id is an event."""

from __future__ import annotations

from datetime import datetime

import polars as pl
from hypothesis import given, settings
from hypothesis import strategies as st

from identity.ids import ALIAS_SCHEMA, EVENT_SCHEMA, MEMBER_SCHEMA, carry_over, record_key
from identity.restoring import borne

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


_NOW = pl.DataFrame(schema={"key": pl.String, "customer_id": pl.String})
"""Every record is touched by each step."""


class _Life:
    """Groupings one after the other, with all that is kept between them."""

    def __init__(self) -> None:
        self.members, self.aliases = _none(), pl.DataFrame(schema=ALIAS_SCHEMA)
        self.moves = pl.DataFrame(schema={"key": pl.String, "customer_id": pl.String})
        self.events = pl.DataFrame(schema=EVENT_SCHEMA)

    def step(self, grouping: dict[int, int]) -> dict[str, str]:
        self.members, self.events, self.aliases = carry_over(
            self.members,
            _clusters(grouping),
            DAY_1,
            previous_aliases=self.aliases,
            borne=borne(self.moves.join(self._live(grouping), on="key", how="semi"), _NOW),
        )
        told = self.events.filter(event_type="move").with_columns(record_kind=pl.lit("touchpoint"))
        moved = told.select(key=record_key(), customer_id="previous_customer_id")
        self.moves = pl.concat([self.moves, moved])
        return _ids(self.members)

    @staticmethod
    def _live(grouping: dict[int, int]) -> pl.DataFrame:
        return _clusters(grouping).select(key=record_key())


def test_parts_of_a_merge_that_is_undone_get_their_ids_back() -> None:
    life = _Life()
    before = life.step({1: 1, 2: 1, 3: 2})
    life.step({1: 1, 2: 1, 3: 1})
    after = life.step({1: 1, 2: 1, 3: 2})
    assert after == before
    assert life.aliases.is_empty()
    told = life.events.filter(event_type="restore")
    assert told.select("customer_id", "previous_customer_id", "records").rows() == [
        (before["3"], before["1"], 1)
    ]
    assert sorted(life.events["event_type"]) == ["move", "restore", "split"]


def test_what_came_after_the_merge_does_not_keep_a_part_from_its_id() -> None:
    life = _Life()
    before = life.step({1: 1, 2: 1, 3: 2})
    life.step({1: 1, 2: 1, 3: 1, 4: 1})
    after = life.step({1: 1, 2: 1, 3: 2, 4: 2})
    assert (after["1"], after["3"], after["4"]) == (before["1"], before["3"], before["3"])


def test_an_id_stays_out_of_force_where_most_of_its_records_are_elsewhere() -> None:
    life = _Life()
    before = life.step({1: 1, 2: 1, 3: 1, 4: 2, 5: 2})
    life.step(dict.fromkeys(range(1, 6), 1))
    after = life.step({1: 1, 2: 1, 3: 1, 4: 1, 5: 2})
    assert after["5"] not in before.values()
    assert life.aliases.select("alias_id", "customer_id").rows() == [(before["4"], before["1"])]


def test_an_id_merged_twice_stands_for_the_part_that_comes_back() -> None:
    life = _Life()
    before = life.step({1: 1, 2: 1, 3: 2, 4: 3, 5: 3, 6: 3, 7: 3})
    life.step({1: 1, 2: 1, 3: 1, 4: 3, 5: 3, 6: 3, 7: 3})
    life.step(dict.fromkeys(range(1, 8), 1))
    after = life.step({1: 1, 2: 1, 3: 1, 4: 3, 5: 3, 6: 3, 7: 3})
    assert (after["1"], after["3"], after["4"]) == (before["1"], before["1"], before["4"])
    assert life.aliases.select("alias_id", "customer_id").rows() == [(before["3"], before["1"])]


@settings(max_examples=60, deadline=None)
@given(GROUPING, st.lists(st.dictionaries(st.integers(0, 5), st.integers(0, 5), max_size=6), max_size=4))
def test_merges_undone_in_one_go_restore_every_id(
    grouping: dict[int, int], merges: list[dict[int, int]]
) -> None:
    life = _Life()
    before = life.step(grouping)
    merged = dict(grouping)
    for merge in merges:
        merged = {record: merge.get(cluster, cluster) for record, cluster in merged.items()}
        life.step(merged)
    assert life.step(grouping) == before
    assert life.aliases.is_empty()


@settings(max_examples=60, deadline=None)
@given(st.lists(GROUPING, min_size=2, max_size=6))
def test_an_id_is_in_force_or_stands_for_another_whatever_happens(groupings: list[dict[int, int]]) -> None:
    life, ever = _Life(), set()
    for grouping in groupings:
        old = _ids(life.members)
        new = life.step(grouping)
        created = set(life.events.filter(event_type="create")["customer_id"])
        assert not created & ever
        ever |= set(new.values())
        assert set(life.aliases["alias_id"]) == ever - set(new.values())
        assert set(life.aliases["customer_id"].drop_nulls()) <= set(new.values())
        back = set(life.events.filter(event_type="restore")["customer_id"])
        assert set(new.values()) - set(old.values()) == created | back
