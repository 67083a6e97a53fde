"""Rule: linking what is new into a ledger leaves what linking all records at once gives: customers, links,
their probabilities, whether they are accepted; over records that come, change and go, and decisions made
and taken back.

Does not prove the speed: `luyue bench identity` measures that.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from random import Random
from typing import Any

import duckdb
import polars as pl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from support.identity_records import order, record_table
from support.ledgers import at_once, groups, kept, linked

from identity import overrides, profiles
from identity.ledger import faces, reading
from identity.ledger.store import FILE
from identity.link import Model, load_model
from identity.records import RECORD_KEY

KEY = list(RECORD_KEY)
PHONES = [None, "13912345670", "13912345671", "13912345672", "139****5670", "13800000000", "13712345678"]
NAMES = [None, "张伟", "章伟", "张丽", "张*", "李娜", "李女士", "李大娜", "王建国", "*建国"]
IDS = [None, None, None, "a", "b", "c"]
SMALL_BLOCK = 3
"""Faces that a blocking value may have in these tests, so that it is often crossed, either way."""


@dataclass
class Merchant:
    """Records in force, decisions so far, and chance."""

    chance: Random
    records: pl.DataFrame = field(default_factory=lambda: record_table([{}]).drop("node").clear())
    decisions: pl.DataFrame = field(default_factory=lambda: pl.DataFrame(schema=overrides.SCHEMA))
    numbered: int = 0

    def step(self) -> tuple[pl.DataFrame, pl.DataFrame | None]:
        """Some records come or change, some go, a steward decides or takes back; what came and what went."""
        rows: list[dict[str, Any]] = []
        for _ in range(self.chance.randrange(0 if self.numbered else 3, 10)):
            rows += self._order() if self.chance.random() < 0.3 else [self._touchpoint()]
        came = record_table(rows).drop("node") if rows else self.records.clear()
        came = came.unique(KEY, keep="last", maintain_order=True)
        went = self._some().join(came, on=KEY, how="anti", nulls_equal=True)
        stay = self.records.join(came, on=KEY, how="anti", nulls_equal=True)
        self.records = pl.concat([stay.join(went, on=KEY, how="anti", nulls_equal=True), came])
        self._decide()
        return came, went

    def _some(self) -> pl.DataFrame:
        count = self.chance.choice([0, 0, 1, 3])
        return self.records.sample(min(self.records.height, count), seed=self.chance.randrange(999)).select(
            KEY
        )

    def _touchpoint(self) -> dict[str, Any]:
        self.numbered += 1
        is_new = self.chance.random() < 0.7
        values: dict[str, list[Any]] = {
            "source": ["s", "t"],
            "touchpoint": ["app_order_checkout", "wecom_external_contact", None, "cs_phone_ticket"],
            "phone": PHONES,
            "name": NAMES,
            **dict.fromkeys(("unionid", "user_id", "openid", "member_no", "pay_id", "visitor_id"), IDS),
            "app_id": [None, "x", "y"],
            "account": [None, None, "jd|1", "jd|2", "tb|1"],
            "birthday": [None, None, None, "19900102", "19650505"],
            "home": [None, "h1", "h2", "h3"],
            "adcode": [None, "330106", "110101"],
            "email": [None, None, "e1"],
            "addressee_id": [None, None, None, "jd|q1", "jd|q2"],
            "quoted_id": [None, None, "jd|1", "tb|2", "jd|3"],
        }
        told = {name: self.chance.choice(known) for name, known in values.items()}
        number = self.numbered if is_new else self.chance.randrange(1, self.numbered + 1)
        return {**told, "source_record_id": str(number)}

    def _order(self) -> list[dict[str, Any]]:
        channel = self.chance.choice(["jd", "tb"])
        values: dict[str, list[Any]] = {
            "account": [None, f"{channel}|1", f"{channel}|2"],
            "unionid": IDS,
            "pay_id": IDS,
            "phone": PHONES,
            "name": NAMES,
            "home": [None, "h1", "h2"],
            "adcode": [None, "330106"],
            "addressee_id": [None, None, f"{channel}|q1"],
        }
        told = {name: self.chance.choice(known) for name, known in values.items()}
        number, parent = (str(self.chance.randrange(9)) for _ in range(2))
        rows = order(number, channel, **{name: value for name, value in told.items() if value is not None})
        return [{**row, "parent_id": self.chance.choice([None, f"{channel}|{parent}"])} for row in rows]

    def _decide(self) -> None:
        made: dict[str, Any]
        if self.records.height > 2 and self.chance.random() < 0.5:
            places = self.chance.sample(range(self.records.height), 2)
            ends = [self.records.row(place, named=True) for place in places]
            kind = self.chance.choice([overrides.MUST_LINK, overrides.CANNOT_LINK])
            made = {"event_id": f"e{self.decisions.height}", "kind": kind}
            for side, row in zip(("left", "right"), ends, strict=True):
                made |= {f"{side}_{name}": row[name] for name in ("source", "source_record_id", "role")}
        elif self.decisions.height and self.chance.random() < 0.5:
            taken = self.chance.choice(self.decisions["event_id"].to_list())
            made = {"event_id": f"e{self.decisions.height}", "kind": overrides.REVOKE, "revokes": taken}
        else:
            return
        told = pl.concat([self.decisions, pl.DataFrame([made], schema=overrides.SCHEMA)])
        numbered = self.records.sort(KEY, nulls_last=True).with_row_index("node")
        if overrides.contradiction(numbered, told) is None:
            self.decisions = told


def _same_as_at_once(folder: Path, seed: int, steps: int, model: Model | None) -> None:
    merchant = Merchant(Random(seed))
    before: dict[str, str] = {}
    for _ in range(steps):
        came, went = merchant.step()
        change = linked(folder, came, model, merchant.decisions, went)
        ids, edges = kept(folder)
        customers, all_edges = at_once(merchant.records, model, merchant.decisions)
        assert groups(ids) == customers
        assert edges == all_edges
        moved = change.events.filter(event_type="move").height
        assert sum(before[name] != customer for name, customer in ids.items() if name in before) == moved
        before = ids


@settings(max_examples=4, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(seed=st.integers(0, 2**32))
def test_what_is_new_by_the_rules_alone(seed: int, tmp_path_factory: pytest.TempPathFactory) -> None:
    _same_as_at_once(tmp_path_factory.mktemp("ledger"), seed, 5, None)


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
        _same_as_at_once(tmp_path / str(seed), seed, 4, load_model())


@pytest.mark.long
@settings(max_examples=12, deadline=None)
@given(seed=st.integers(0, 2**32))
def test_long_histories_by_the_rules(seed: int, tmp_path_factory: pytest.TempPathFactory) -> None:
    _same_as_at_once(tmp_path_factory.mktemp("ledger"), seed, 8, None)


@pytest.mark.long
@settings(max_examples=6, deadline=None)
@given(seed=st.integers(0, 2**32))
def test_long_histories_with_the_model(seed: int, tmp_path_factory: pytest.TempPathFactory) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(profiles, "BLOCK_CAP", SMALL_BLOCK)
        patch.setattr(faces, "BLOCK_CAP", SMALL_BLOCK)
        _same_as_at_once(tmp_path_factory.mktemp("ledger"), seed, 6, load_model())


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
