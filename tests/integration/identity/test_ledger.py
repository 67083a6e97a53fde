"""Rule: linking what is new into a ledger leaves what linking all records at once gives: customers, links,
their probabilities, whether they are accepted; over records that come, change and go, and decisions made
and taken back.

Does not prove the speed: `luyue bench identity` measures that.
"""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from random import Random

import duckdb
import polars as pl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from support.identity_records import record_table
from support.ledgers import at_once, groups, kept, linked
from support.merchants import Merchant, same_as_at_once

from identity import overrides, profiles
from identity.ledger import faces, reading
from identity.ledger.store import FILE
from identity.link import load_model
from identity.records import RECORD_KEY

KEY = list(RECORD_KEY)
SMALL_BLOCK = 3
"""Faces that a blocking value may have in these tests, so that it is often crossed, either way."""


@settings(max_examples=4, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(seed=st.integers(0, 2**32))
def test_what_is_new_by_the_rules_alone(seed: int, tmp_path_factory: pytest.TempPathFactory) -> None:
    same_as_at_once(tmp_path_factory.mktemp("ledger"), seed, 5, None)


def _same_ids_as_anew(folder: Path, seed: int, steps: int) -> None:
    merchant = Merchant(Random(seed))
    sources = Random(seed).randbytes, Random(seed).randbytes
    for step in range(steps):
        came, went = merchant.step()
        for name, source, made_by in (("new", sources[0], "v"), ("all", sources[1], f"v{step}")):
            linked(folder / name, came, None, merchant.decisions, went, made_by=made_by, random_source=source)
        assert kept(folder / "new")[0] == kept(folder / "all")[0]
    assert reading.table(folder / "new", "aliases").equals(reading.table(folder / "all", "aliases"))


@settings(max_examples=3, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(seed=st.integers(0, 2**32))
def test_ids_are_those_of_linking_all_records_anew(
    seed: int, tmp_path_factory: pytest.TempPathFactory
) -> None:
    _same_ids_as_anew(tmp_path_factory.mktemp("ledger"), seed, 6)


@pytest.mark.long
@settings(max_examples=20, deadline=None)
@given(seed=st.integers(0, 2**32))
def test_long_histories_of_ids(seed: int, tmp_path_factory: pytest.TempPathFactory) -> None:
    _same_ids_as_anew(tmp_path_factory.mktemp("ledger"), seed, 10)


@pytest.mark.parametrize("undoing", ["cannot_link", "revoke", "deleted", "corrected"])
def test_a_merge_undone_brings_the_ids_back(undoing: str, tmp_path: Path) -> None:
    apart = [{"unionid": "a", "source_record_id": "1"}, {"user_id": "b", "source_record_id": "2"}]
    both = record_table([{"unionid": "a", "user_id": "b", "source_record_id": "3"}]).drop("node")
    ends = {f"{side}_{k}": v for side, i in (("left", "1"), ("right", "2"))
            for k, v in (("source", "s"), ("source_record_id", i), ("role", "owner"))}  # fmt: skip
    must = {"event_id": "e1", "kind": overrides.MUST_LINK, **ends}
    cannot = {"event_id": "e2", "kind": overrides.CANNOT_LINK, **ends}
    revoke = {"event_id": "e3", "kind": overrides.REVOKE, "revokes": "e1"}

    def decided(*made: dict[str, str]) -> pl.DataFrame:
        return pl.DataFrame(list(made), schema=overrides.SCHEMA, orient="row")

    nobody = decided()
    linked(tmp_path, record_table(apart).drop("node"), None, nobody)
    before, _ = kept(tmp_path)
    none = both.clear()
    by_steward = undoing in ("cannot_link", "revoke")
    linked(tmp_path, none if by_steward else both, None, decided(must) if by_steward else nobody)
    merged = set(kept(tmp_path)[0].values())
    assert len(merged) == 1
    if undoing == "cannot_link":
        linked(tmp_path, none, None, decided(must, revoke, cannot))
    elif undoing == "revoke":
        linked(tmp_path, none, None, decided(must, revoke))
    elif undoing == "deleted":
        linked(tmp_path, none, None, nobody, both.select(KEY))
    else:
        linked(tmp_path, both.with_columns(user_id=pl.lit(None, pl.String)), None, nobody)
    after, _ = kept(tmp_path)
    assert {name: after[name] for name in before} == before
    assert reading.table(tmp_path, "aliases").is_empty()
    events = reading.table(tmp_path, "events")
    back = events.filter(event_type="restore")
    assert set(back["customer_id"]) == set(before.values()) - merged
    assert set(back["previous_customer_id"]) == merged


def test_what_is_new_with_the_model(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(profiles, "BLOCK_CAP", SMALL_BLOCK)
    monkeypatch.setattr(faces, "BLOCK_CAP", SMALL_BLOCK)
    for seed in (1, 2):
        same_as_at_once(tmp_path / str(seed), seed, 4, load_model())


@pytest.mark.long
@settings(max_examples=12, deadline=None)
@given(seed=st.integers(0, 2**32))
def test_long_histories_by_the_rules(seed: int, tmp_path_factory: pytest.TempPathFactory) -> None:
    same_as_at_once(tmp_path_factory.mktemp("ledger"), seed, 8, None)


@pytest.mark.long
@settings(max_examples=6, deadline=None)
@given(seed=st.integers(0, 2**32))
def test_long_histories_with_the_model(seed: int, tmp_path_factory: pytest.TempPathFactory) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(profiles, "BLOCK_CAP", SMALL_BLOCK)
        patch.setattr(faces, "BLOCK_CAP", SMALL_BLOCK)
        same_as_at_once(tmp_path_factory.mktemp("ledger"), seed, 6, load_model())


def test_what_is_only_exported_again_is_followed_no_further(tmp_path: Path) -> None:
    """A day's exports say most of what they say again: then only the time of the export is another."""
    merchant = Merchant(Random(7))
    came = pl.concat([merchant.step()[0], merchant.step()[0]]).unique(KEY, keep="last", maintain_order=True)
    linked(tmp_path, came, None, merchant.decisions)
    before = kept(tmp_path)
    later = came.with_columns(exported_at=pl.lit(datetime(2026, 1, 9)).cast(pl.Datetime("us")))
    change = linked(tmp_path, later, None, merchant.decisions)
    assert (change.came, change.went, change.looked_at) == (0, 0, 0)
    assert change.events.is_empty()
    assert kept(tmp_path) == before
    stamps = reading.table(tmp_path, "members")["exported_at"]
    assert stamps.unique().to_list() == [datetime(2026, 1, 9)]


def test_a_ledger_of_a_code_that_knew_less_of_faces_is_linked_anew(tmp_path: Path) -> None:
    merchant = Merchant(Random(4))
    came, _ = merchant.step()
    linked(tmp_path, came, load_model(), merchant.decisions, made_by="before")
    with duckdb.connect(str(tmp_path / FILE)) as database:
        database.execute("alter table face drop column member_no")
    came, went = merchant.step()
    linked(tmp_path, came, load_model(), merchant.decisions, went, made_by="after")
    ids, edges = kept(tmp_path)
    customers, all_edges = at_once(merchant.records, load_model(), merchant.decisions)
    assert groups(ids) == customers
    assert edges == all_edges


def test_a_ledger_that_has_ids_with_each_record_is_renewed(tmp_path: Path) -> None:
    merchant = Merchant(Random(3))
    came, _ = merchant.step()
    linked(tmp_path, came, None, merchant.decisions)
    before, _ = kept(tmp_path)
    with duckdb.connect(str(tmp_path / FILE)) as database:
        database.execute(
            "create table old as select member.* exclude (customer), customer_id "
            "from member join held using (rid)"
        )
        database.execute("drop view held")
        database.execute("drop table member")
        database.execute("drop table customer")
        database.execute("alter table old rename to member")
    assert kept(tmp_path)[0] == before
    came, went = merchant.step()
    linked(tmp_path, came, None, merchant.decisions, went)
    assert groups(kept(tmp_path)[0]) == at_once(merchant.records, None, merchant.decisions)[0]
