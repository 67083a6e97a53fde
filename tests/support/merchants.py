"""A made-up merchant whose records come, change and go while stewards decide, and a ledger that follows: what
tests of incremental linking run through."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from random import Random
from typing import Any

import polars as pl
from support.identity_records import order, record_table
from support.ledgers import at_once, groups, kept, linked

from identity import overrides
from identity.link import Model
from identity.records import RECORD_KEY

KEY = list(RECORD_KEY)
PHONES = [None, "13912345670", "13912345671", "13912345672", "139****5670", "13800000000", "13712345678"]
NAMES = [None, "张伟", "章伟", "张丽", "张*", "李娜", "李女士", "李大娜", "王建国", "*建国"]
IDS = [None, None, None, "a", "b", "c"]


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
            "device_id": [None, "d1", "d2"],
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


def same_as_at_once(folder: Path, seed: int, steps: int, model: Model | None) -> None:
    """Asserts after each step of a history that the ledger holds what linking all records at once gives."""
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
