"""Rule: a single order to somebody is no proof that it was for the buyer; a second sign is asked for."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from support.identity_records import order, record_table

from identity.resolve import resolve

ZHANG = {"phone": "13912345670", "name": "张伟"}


def _own(rows: list[dict[str, object]]) -> bool:
    found = resolve(record_table(rows), model=None).cluster
    return found[0] == found[1]


def test_a_single_order_is_not_enough() -> None:
    assert not _own(order("1", account="taobao|a", **ZHANG))


@pytest.mark.parametrize(
    ("sign", "agrees"),
    [({"phone": "13912345670"}, True), ({"phone": "13899998888"}, False), ({"name": "李娜"}, False)],
)
def test_what_the_account_tells_of_its_holder_decides(sign: dict[str, str], agrees: bool) -> None:
    assert _own([*order("1", account="taobao|a", **ZHANG), {"account": "taobao|a", **sign}]) is agrees


@pytest.mark.parametrize(("hours", "near"), [(24, True), (25, False)])
def test_an_order_for_the_same_person_elsewhere_within_a_day_is_a_sign(hours: int, near: bool) -> None:
    rows = order("1", account="taobao|a", **ZHANG) + order("2", "douyin", **ZHANG)
    moment = datetime(2026, 1, 1) + timedelta(hours=hours)
    assert (
        _own(
            [{**row, "occurred_at": moment if n > 1 else datetime(2026, 1, 1)} for n, row in enumerate(rows)]
        )
        is near
    )


@pytest.mark.parametrize(("name", "is_own"), [("张伟", True), ("李娜", False)])
def test_two_orders_for_one_person_count_together_however_the_receiver_is_written(
    name: str, is_own: bool
) -> None:
    """One order shows a number, the other only name and home: home and name make them one person."""
    first = order("1", account="taobao|a", home="h1", **ZHANG)
    assert _own([*first, *order("2", account="taobao|a", home="h1", name=name)]) is is_own


def test_whoever_is_another_accounts_receiver_as_often_is_nobodys_own() -> None:
    rows = [
        row
        for number, (account, sign) in enumerate(
            (account, sign) for account in "ab" for sign in (ZHANG, {"name": "张伟"})
        )
        for row in order(str(number), account=f"taobao|{account}", home="h1", **sign)
    ]
    assert not _own(rows)
