"""The review queue: what is asked, in which order, what is shown, and what the answers say."""

from __future__ import annotations

import hashlib
from datetime import datetime
from typing import Any

import polars as pl

from identity import review, review_facts, review_labels
from identity.digests import sha256
from identity.ids import MEMBER_SCHEMA
from identity.overrides import SCHEMA

NO_WORTH = pl.DataFrame(schema={"customer_id": pl.String, "worth": pl.Float64})
NOTHING = pl.DataFrame(schema=SCHEMA)


def members(**of: str) -> pl.DataFrame:
    """record → customer."""
    told = {"source": "s", "role": "owner", "record_kind": "touchpoint", "occurred_at": datetime(2026, 1, 1)}
    rows = [{**told, "source_record_id": record, "customer_id": customer} for record, customer in of.items()]
    return pl.DataFrame(rows, schema=MEMBER_SCHEMA)


def edge(
    left: str, right: str, rule: str, probability: float | None = None, accepted: bool = False
) -> dict[str, Any]:
    ends = {"left_source_record_id": left, "right_source_record_id": right}
    sides = {
        f"{side}_{name}": value
        for side in ("left", "right")
        for name, value in (("source", "s"), ("role", "owner"))
    }
    return {**sides, **ends, "rule": rule, "probability": probability, "accepted": accepted}


def edges(*rows: dict[str, Any]) -> pl.DataFrame:
    return pl.DataFrame(list(rows), schema_overrides={"probability": pl.Float64})


def asked(
    known: pl.DataFrame, people: pl.DataFrame, settled: pl.DataFrame = NOTHING, decided: int = 0
) -> list[str]:
    queue = review.waiting(known, people, settled, decided=decided)
    return queue["left_source_record_id"].to_list()


def test_digests_are_those_of_the_standard() -> None:
    texts = ["", "a", "张三\x1f1", None]
    wanted = [None if text is None else hashlib.sha256(text.encode()).hexdigest() for text in texts]
    assert sha256(pl.Series(texts)).to_list() == wanted


def test_uncertain_and_valuable_pairs_come_first() -> None:
    people = members(a="A", b="B", c="C", d="D", e="E", f="F")
    links = edges(edge("a", "b", "model", 0.95), edge("c", "d", "model", 0.5), edge("e", "f", "model", 0.95))
    worth = pl.DataFrame({"customer_id": ["F"], "worth": [900.0]})
    assert asked(review.cases(people, links, worth), people) == ["c", "e", "a"]


def test_a_cut_link_is_asked_and_a_made_one_is_not() -> None:
    people = members(a="A", b="B", c="C", d="C")
    links = edges(edge("a", "b", "phone_name"), edge("c", "d", "phone_name", accepted=True))
    known = review.cases(people, links, NO_WORTH).filter(~pl.col("kind").str.starts_with("sampled"))
    assert known.select("left_source_record_id", "kind").rows() == [("a", "refused")]


def test_the_weakest_link_of_a_customer_with_too_many_records_is_asked() -> None:
    records = {f"r{n:03}": "A" for n in range(review.OVERSIZE_RECORDS + 1)}
    rows = [edge("r000", name, "account", accepted=True) for name in records if name not in ("r000", "r007")]
    people, links = members(**records), edges(*rows, edge("r000", "r007", "home_masked_name", accepted=True))
    known = review.cases(people, links, NO_WORTH).filter(kind=review.OVERSIZE)
    assert known.select("left_source_record_id", "right_source_record_id").rows() == [("r000", "r007")]


def test_a_case_keeps_its_id_whichever_record_stands_left_and_whoever_owns_it() -> None:
    one = review.cases(members(a="A", b="B"), edges(edge("a", "b", "model", 0.5)), NO_WORTH)
    other = review.cases(members(a="X", b="Y", c="Y"), edges(edge("b", "a", "model", 0.9)), NO_WORTH)
    assert one["case_id"].to_list() == other["case_id"].to_list()


def test_a_decision_settles_all_cases_between_the_same_customers() -> None:
    people = members(a="A", a2="A", b="B", b2="B", c="C")
    links = edges(edge("a", "b", "model", 0.5), edge("b", "c", "model", 0.5))
    known = review.cases(people, links, NO_WORTH)
    settled = pl.DataFrame([edge("b2", "a2", "x")]).select(c for c in SCHEMA if c in edge("a", "b", "x"))
    assert asked(known, people, settled) == ["b"]


def _many(pairs: int) -> tuple[pl.DataFrame, pl.DataFrame]:
    people = members(**{f"{side}{n}": f"{side}{n}" for n in range(pairs) for side in "ab"})
    return people, edges(*(edge(f"a{n}", f"b{n}", "model", 0.3 + n / pairs / 2) for n in range(pairs)))


def test_the_sample_is_drawn_by_key_alone_and_keeps_its_places_in_the_queue() -> None:
    """Two of a hundred pairs, the same in every run; every twentieth question is one of them."""
    people, links = _many(3000)
    known = review.cases(people, links, NO_WORTH)
    drawn = known.filter(kind=review.SAMPLED_BAND)
    assert 30 < drawn.height < 100
    half = review.cases(people, links.head(1500), NO_WORTH).filter(kind=review.SAMPLED_BAND)
    assert set(half["case_id"]) <= set(drawn["case_id"])
    assert known["case_id"].n_unique() == known.height
    for decided in (0, 7, 15):
        queue = review.waiting(known, people, NOTHING, decided=decided)
        places = [n for n, kind in enumerate(queue["kind"][:200]) if kind == review.SAMPLED_BAND]
        assert {(place + decided) % review.SAMPLE_EVERY for place in places} == {review.SAMPLE_EVERY // 2}
        assert len(places) == 10
        asked = queue.filter(kind=review.BAND)["priority"].to_list()
        assert asked == sorted(asked, reverse=True)
        assert queue.height == known.height


def test_a_side_is_what_stronger_links_hold_together() -> None:
    """A pair that is linked by the asked link alone is shown as its two parts; else record against record."""
    people = members(a="A", a2="A", b="A", b2="A")
    made = [edge("a", "a2", "account", accepted=True), edge("b", "b2", "account", accepted=True)]
    case = {**edge("a", "b", "home_name", accepted=True), "left_customer": "A", "right_customer": "A"}
    left, right = review_facts.sides(case, people, edges(*made, edge("a", "b", "home_name", accepted=True)))
    assert [set(left["source_record_id"]), set(right["source_record_id"])] == [{"a", "a2"}, {"b", "b2"}]
    held = edges(*made, edge("a", "b", "unionid", accepted=True))
    left, right = review_facts.sides(case, people, held)
    assert [left["source_record_id"].to_list(), right["source_record_id"].to_list()] == [["a"], ["b"]]


def _facts(*rows: tuple[str, str, str, int, str]) -> pl.DataFrame:
    names = ["field", "value", "mask", "completeness", "same"]
    return pl.DataFrame(list(rows), schema=names, orient="row")


def test_facts_are_compared_without_showing_more_than_masks() -> None:
    left = _facts(
        ("name", "k1", "张*", 3, "k1"), ("phone", "k2", "139****0001", 3, "k2"),
        ("email", "k3", "a***@x.cn", 3, "k3"), ("address", "k4", "杭州***", 1, "k4"),
    )  # fmt: skip
    right = _facts(
        ("name", "k5", "张*", 3, "k1"),
        ("phone", "k6", "139****0001", 3, "k6"),
        ("address", "k7", "杭州***", 3, "k7"),
    )
    told = {
        row["field"]: (row["verdict"], row["left"], row["right"])
        for row in review_facts.compared(left, right)
    }
    assert told == {
        "name": ("equal", ["张*"], ["张*"]),
        "phone": ("different", ["139****0001"], ["139****0001"]),
        "email": ("unknown", ["a***@x.cn"], []),
        "address": ("similar", ["杭州***"], ["杭州***"]),
    }


def test_the_sample_alone_tells_precision_and_recall() -> None:
    """Answers to the uncertain pairs would tell the worst of all pairs only."""
    rows = [{"kind": review.SAMPLED_LINKED, "is_same": n != 0} for n in range(50)]
    rows += [{"kind": review.SAMPLED_BAND, "is_same": n < 5} for n in range(20)]
    rows += [{"kind": review.BAND, "is_same": False} for _ in range(30)]
    labels = pl.DataFrame(rows)
    right = review_labels.precision(labels)
    assert (right.value, right.sample) == (0.98, 50)
    hit = review_labels.recall(labels, linked=1000, band=400)
    assert hit.value is not None
    assert abs(hit.value - 980 / (980 + 100)) < 1e-9
    assert review_labels.precision(labels.clear()).value is None
    assert review_labels.recall(labels.clear(), 1000, 400).value is None
