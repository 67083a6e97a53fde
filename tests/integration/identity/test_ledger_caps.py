"""Rule: what many share links nobody, and how many share it is counted among all who do, also where only some
of them are looked at again.

Does not prove the caps themselves: the unit tests of the rules do.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from support.identity_records import record_table
from support.ledgers import at_once, groups, kept, linked
from support.merchants import same_as_at_once

from identity import contacts, devices, keys, overrides, quotes, rules
from identity.records import RECORD_KEY

NOBODY = pl.DataFrame(schema=overrides.SCHEMA)
NUMBER = "13912345670"
SHARED = [f"{first}{last}" for first in "张李王赵陈周吴" for last in "伟娜"][: keys.NAME_CAP + 1]


@pytest.fixture
def low_caps() -> Iterator[None]:
    """Caps that a handful of records cross, either way."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(keys, "NAME_CAP", 2)
        patch.setattr(keys, "RECEIVER_CAP", 3)
        patch.setattr(keys, "UNIONID_CAP", 1)
        patch.setattr(devices, "LEAST_PAIRS", 1)
        patch.setattr(keys, "HOLDER_CAP", {rules.PAYMENT: 2, rules.TICKET: 2})
        patch.setattr(contacts, "PHONE_NAME_CAP", 2)
        patch.setattr(contacts, "HOME_NAME_CAP", 2)
        patch.setattr(quotes, "QUOTES_CAP", 3)
        places = (contacts.DEVICE, *contacts.PLACES)
        low = [replace(p, names=2, holders=min(p.holders, 3), silent=1, lone=1) for p in places]
        patch.setattr(contacts, "DEVICE", low[0])
        patch.setattr(contacts, "PLACES", tuple(low[1:]))
        yield


@pytest.mark.parametrize("touchpoint", [None, "app_order_checkout"])
def test_a_shared_identifier_makes_no_account_of_its_few_holders_at_one_number(
    touchpoint: str | None, tmp_path: Path
) -> None:
    shared = {"touchpoint": touchpoint, "user_id": "everybody's"}
    rows = [{**shared, "name": name, "phone": f"137123456{at:02}"} for at, name in enumerate(SHARED)]
    rows += [{**shared, "name": "孙红", "phone": NUMBER} for _ in range(2)]
    records = record_table(rows).drop("node")
    later = record_table([{"source_record_id": "later", "phone": NUMBER}]).drop("node")
    linked(tmp_path, records, None, NOBODY)
    linked(tmp_path, later, None, NOBODY)
    ids, edges = kept(tmp_path)
    customers, all_edges = at_once(pl.concat([records, later]), None, NOBODY)
    assert edges == all_edges
    assert groups(ids) == customers


def test_devices_link_and_link_no_more_as_new_records_tell(tmp_path: Path) -> None:
    own = [{"device_id": f"d{n}", "user_id": f"u{n}"} for n in range(devices.LEAST_PAIRS)] * 2
    first = record_table([*own, {"device_id": "d1"}, {"device_id": "d2"}]).drop("node")
    shared = [{"device_id": f"s{n // 2}", "user_id": f"v{n}", "source": "t"} for n in range(100)]
    later = record_table(shared).drop("node")
    keys_of_later = later.select(RECORD_KEY)
    steps = ((first, None, first), (later, None, pl.concat([first, later])), (None, keys_of_later, first))
    for came, went, records in steps:
        linked(tmp_path, later.clear() if came is None else came, None, NOBODY, removed=went)
        ids, edges = kept(tmp_path)
        customers, all_edges = at_once(records, None, NOBODY)
        assert edges == all_edges
        assert groups(ids) == customers
        assert any(rule == rules.DEVICE for _, rule, _, _ in edges) is (records is first)


@pytest.mark.usefixtures("low_caps")
@pytest.mark.parametrize("seed", [2, 6])
def test_what_is_new_where_caps_are_crossed(seed: int, tmp_path: Path) -> None:
    same_as_at_once(tmp_path, seed, 6, None)


@pytest.mark.long
@pytest.mark.usefixtures("low_caps")
@settings(max_examples=12, deadline=None)
@given(seed=st.integers(0, 2**32))
def test_long_histories_where_caps_are_crossed(seed: int, tmp_path_factory: pytest.TempPathFactory) -> None:
    same_as_at_once(tmp_path_factory.mktemp("ledger"), seed, 8, None)
