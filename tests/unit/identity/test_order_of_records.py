"""Rule: who is one customer depends on the records alone: not on their order, nor on their being told
twice."""

from __future__ import annotations

from random import Random
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st
from support.identity_records import record_table

from identity.resolve import resolve

PHONES = st.sampled_from([None, "13912345670", "13912345671", "139****5670", "13800000000"])
NAMES = st.sampled_from([None, "张伟", "章伟", "张丽", "张*", "李娜"])
IDS = st.sampled_from([None, None, "a", "b"])
RECORDS = st.lists(
    st.fixed_dictionaries(
        {
            "phone": PHONES,
            "name": NAMES,
            "unionid": IDS,
            "user_id": IDS,
            "member_no": IDS,
            "birthday": st.sampled_from([None, None, "19900102", "19650505"]),
            "home": st.sampled_from([None, "h1", "h2"]),
        }
    ),
    min_size=2,
    max_size=14,
)


def _partition(rows: list[dict[str, Any]]) -> set[frozenset[str]]:
    told = record_table(rows)
    found = told.select("source_record_id").with_columns(cluster=resolve(told, model=None).cluster)
    return {
        frozenset(ids)
        for ids in found.group_by("cluster").agg("source_record_id")["source_record_id"].to_list()
    }


@settings(max_examples=15, deadline=None)
@given(RECORDS, st.randoms(use_true_random=False))
def test_shuffled_and_repeated_records_give_the_same_customers(
    rows: list[dict[str, Any]], chance: Random
) -> None:
    rows = [{**row, "source_record_id": str(number)} for number, row in enumerate(rows)]
    shuffled = rows + rows[: len(rows) // 2]
    chance.shuffle(shuffled)
    assert _partition(shuffled) == _partition(rows)
