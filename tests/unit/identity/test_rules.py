"""The exact rules, one by one: what links, and what must not."""

from __future__ import annotations

from typing import Any

import polars as pl
import pytest
from support.identity_records import order, record_table

from identity import devices
from identity.resolve import resolve

Rows = list[dict[str, Any]]


def _groups(rows: Rows) -> list[int]:
    """The cluster of each row, numbered in the order of appearance."""
    found = resolve(record_table(rows), model=None).cluster.to_list()
    return [list(dict.fromkeys(found)).index(one) for one in found]


@pytest.mark.parametrize(
    "key", ["unionid", "openid", "user_id", "member_no", "account", "external_userid", "ticket_id"]
)
def test_an_identifier_links(key: str) -> None:
    assert _groups([{key: "a1"}, {key: "a1"}, {key: "b2"}]) == [0, 0, 1]


def test_an_identifier_of_many_names_is_shared_and_links_nothing() -> None:
    names = [first + last for first in "张李王赵陈周吴" for last in "伟娜"]
    groups = _groups([{"user_id": "8", "name": name} for name in names])
    assert len(set(groups)) == len(names)


def test_an_account_may_order_for_many() -> None:
    names = [first + last for first in "张李王赵陈周吴" for last in "伟娜"]
    parcels: Rows = [{"account": "jd|a", "name": name, "adcode": "110101"} for name in names]
    assert set(_groups(parcels)) == {0}


@pytest.mark.parametrize(("names", "customers"), [(["张伟"], 1), (["张伟", "李娜"], 32)])
def test_a_card_is_a_regulars_unless_two_show_it(names: list[str], customers: int) -> None:
    visits: Rows = [{"member_no": "M1", "name": name} for name in (*names, *[None] * 30)]
    assert len(set(_groups(visits))) == customers


def test_a_device_links_where_devices_are_one_persons(monkeypatch: pytest.MonkeyPatch) -> None:
    rows: Rows = [{"device_id": "d", "user_id": "u"}, {"device_id": "d", "user_id": "u"}, {"device_id": "d"}]
    assert _groups(rows) == [0, 0, 1]
    monkeypatch.setattr(devices, "LEAST_PAIRS", 1)
    assert _groups(rows) == [0, 0, 0]
    shared: Rows = [{"device_id": "e", "user_id": user} for user in "vw"]
    assert _groups([*rows, *shared]) == [0, 0, 1, 2, 3]


def test_a_full_phone_needs_a_compatible_name() -> None:
    phone = "13912345670"
    rows: Rows = [{"phone": phone, "name": name} for name in ("张伟", "章伟", "李娜", "张*")]
    assert _groups(rows) == [0, 0, 1, 0]


def test_a_masked_name_that_fits_two_of_the_number_is_left_apart() -> None:
    phone = "13912345670"
    assert _groups([{"phone": phone, "name": name} for name in ("张伟", "张丽", "张*")]) == [0, 1, 2]


def test_a_number_told_in_an_account_links_to_the_only_name_that_two_others_bear_there() -> None:
    one, two, three = "13912345670", "13912345671", "13912345672"
    rows: Rows = [
        {"phone": one, "name": "张伟"},
        {"phone": one, "name": "张伟"},
        {"phone": one, "user_id": "a"},
    ]
    rows += [{"phone": two, "name": "张伟"}, {"phone": two, "name": "李娜"}, {"phone": two, "user_id": "b"}]
    rows += [{"phone": three, "name": "赵云"}, {"phone": three, "user_id": "c"}]
    assert _groups(rows) == [0, 0, 0, 1, 2, 3, 4, 5]


def test_accounts_that_show_one_parcel_alone_do_not_vouch_for_each_other() -> None:
    parcel = {"touchpoint": "app_order_checkout", "phone": "13912345670", "name": "张伟", "home": "h"}
    lone: Rows = [{**parcel, "account": "jd|a"}, {**parcel, "account": "taobao|b"}]
    assert _groups(lone) == [0, 1]
    said = {"touchpoint": "cs_phone_ticket", "phone": "13912345670", "name": "张伟"}
    assert _groups([*lone, said]) == [0, 0, 0]


def test_who_calls_without_a_name_about_an_order_needs_its_number() -> None:
    bought = {
        "touchpoint": "app_order_checkout", "account": "jd|a", "quoted_id": "jd|1",
        "phone": "13912345670", "name": "张伟",
    }  # fmt: skip
    call = {"touchpoint": "cs_phone_ticket", "quoted_id": "jd|1"}
    assert _groups([bought, {**call, "phone": "13912345670"}]) == [0, 0]
    assert _groups([bought, {**call, "phone": "13912345671"}]) == [0, 1]
    assert _groups([bought, {**call, "phone": "13912345670", "name": "李娜"}]) == [0, 1]


def test_who_quotes_the_order_of_a_receiver_with_another_number_is_somebody_else() -> None:
    parcel = {"touchpoint": "app_order_checkout", "quoted_id": "jd|1", "phone": "13912345670"}
    chat = {"touchpoint": "cs_im_session", "quoted_id": "jd|1", "account": "jd|a"}
    assert _groups([parcel, chat]) == [0, 0]
    assert _groups([parcel, chat, {"account": "jd|a", "phone": "13812345671"}]) == [0, 1, 1]


def test_a_number_that_a_clerk_typed_links_nobody_without_a_name() -> None:
    assert _groups(
        [{"phone": "13912345670", "name": "张伟"}, {"phone": "13912345670", "ticket_id": "t"}]
    ) == [0, 1]


def test_a_number_of_two_accounts_of_one_kind_is_shared() -> None:
    phone = "13912345670"
    rows: Rows = [
        {"phone": phone, "name": "张伟"},
        {"phone": phone, "user_id": "a"},
        {"phone": phone, "user_id": "b"},
    ]
    assert _groups(rows) == [0, 1, 2]


def test_a_mask_and_the_first_character_link_in_one_district_only() -> None:
    seen: dict[str, Any] = {"phone": "139****5670", "name": "张*"}
    assert _groups(
        [{**seen, "adcode": "330106"}, {**seen, "adcode": "330106"}, {**seen, "adcode": "110105"}]
    ) == [0, 0, 1]


def test_a_mask_and_a_full_name_link_everywhere() -> None:
    assert _groups([{"phone": "139****5670", "name": "张伟"}, {"phone": "13912345670", "name": "张伟"}]) == [
        0,
        0,
    ]


def test_a_relatives_name_at_the_home_makes_a_mask_ambiguous() -> None:
    seen: dict[str, Any] = {"phone": "139****5670", "home": "h", "adcode": "330106"}
    rows: Rows = [{**seen, "name": "张*"}, {**seen, "name": "张伟"}, {"home": "h", "name": "张丽"}]
    assert len(set(_groups([*rows, {**seen, "name": "张丽"}]))) > 2


def test_a_gift_says_nothing_about_the_giver() -> None:
    parcel: dict[str, Any] = {"account": "jd|a", "touchpoint": "app_order_checkout"}
    me, friend = {"phone": "13912345670", "name": "张伟"}, {"phone": "13811112222", "name": "李娜"}
    rows: Rows = [{**parcel, **me}, {**parcel, **me}, {**parcel, **friend}, {**friend, "user_id": "x"}]
    assert _groups(rows) == [0, 0, 0, 1]


def test_a_parcel_to_somebody_with_an_account_of_that_kind_is_a_gift() -> None:
    friend: dict[str, Any] = {"phone": "13811112222", "name": "李娜", "touchpoint": "app_order_checkout"}
    rows: Rows = [{"account": "jd|a", **friend}, {"account": "jd|b", **friend}, {"account": "jd|b", **friend}]
    assert _groups(rows) == [0, 1, 1]


def test_touchpoints_that_quote_one_order_are_its_buyers() -> None:
    rows: Rows = [
        {"account": "jd|a", "quoted_id": "jd|1"},
        {"pay_id": "p", "quoted_id": "jd|1"},
        {"touchpoint": "cs_phone_ticket", "quoted_id": "jd|1", "name": "李娜"},
    ]
    assert _groups(rows) == [0, 0, 1]


def test_a_dummy_number_links_nobody() -> None:
    assert _groups([{"phone": "13800000000", "name": "张伟"}, {"phone": "13800000000", "name": "张伟"}]) == [
        0,
        1,
    ]


def test_a_number_of_many_names_is_demoted() -> None:
    names = [first + last for first in "张李王赵陈周吴郑" for last in "伟娜芳敏"]
    rows: Rows = [{"phone": "13912345670", "name": name} for name in [*names, names[0]]]
    assert len(set(_groups(rows))) == len(rows)


def test_a_home_and_a_full_name_link_but_not_two_names_in_a_home() -> None:
    rows: Rows = [{"home": "h", "name": "张伟"}, {"home": "h", "name": "张伟"}, {"home": "h", "name": "张丽"}]
    assert _groups(rows) == [0, 0, 1]


def test_an_order_that_shows_no_buyer_is_its_receivers() -> None:
    assert _groups(order("1", "douyin", phone="13912345670", name="张伟")) == [0, 0]


def test_the_buyers_own_receiver_is_the_one_he_mostly_orders_for() -> None:
    me, friend = {"phone": "139****5670", "name": "张*"}, {"phone": "138****1111", "name": "李*"}
    rows = order("1", account="taobao|a", **me) + order("2", account="taobao|a", **me)
    rows += order("3", account="taobao|a", **friend)
    assert _groups(rows) == [0, 0, 0, 0, 0, 1]


def test_a_receiver_whom_another_account_orders_more_for_is_not_ones_own() -> None:
    friend = {"phone": "13811112222", "name": "李娜"}
    rows = order("1", account="taobao|a", **friend)
    rows += order("2", account="taobao|b", **friend) + order("3", account="taobao|b", **friend)
    groups = _groups(rows)
    assert groups[0] != groups[1]
    assert groups[1:] == [groups[1]] * 5


def test_orders_split_in_parts_and_told_by_two_sources_are_one_order() -> None:
    rows = order("1", account="taobao|a", phone="13912345670", name="张伟")
    told_again = {**rows[0], "source": "taobao_items", "account": None, "shows_buyer": False}
    part = [{**row, "parent_id": "taobao|1"} for row in order("1-2", phone="13912345670", name="张伟")]
    groups = _groups([*rows, told_again, *part])
    assert groups[0] == groups[2] == groups[3]


def test_a_quoted_order_links_unless_the_record_contradicts_it() -> None:
    rows = order("1", account="taobao|a", phone="13912345670", name="张伟")
    chat = {"touchpoint": "cs_im_session", "quoted_id": "taobao|1"}
    relative = {**chat, "name": "李娜", "phone": "13812345671"}
    silent_call = {"touchpoint": "cs_phone_ticket", "quoted_id": "taobao|1"}
    groups = _groups([*rows, chat, relative, silent_call])
    assert groups[2] == groups[0]
    assert groups[3] != groups[0]
    assert groups[4] != groups[0]


@pytest.mark.parametrize(
    ("fact", "values"), [("unionid", ("u1", "u2")), ("birthday", ("19900101", "19650505"))]
)
def test_hard_facts_that_contradict_split_the_weakest_rule_first(fact: str, values: tuple[str, str]) -> None:
    phone = {"phone": "13912345670", "name": "张伟"}
    rows: Rows = [
        {"user_id": "x", fact: values[0], **phone},
        {"user_id": "x"},
        {"user_id": "y", fact: values[1], **phone},
        {"user_id": "y"},
    ]
    groups = _groups(rows)
    assert groups[0] == groups[1] and groups[2] == groups[3] and groups[0] != groups[2]


def test_edges_say_which_were_not_accepted() -> None:
    phone = {"phone": "13912345670", "name": "张伟"}
    found = resolve(record_table([{"unionid": "u1", **phone}, {"unionid": "u2", **phone}]), model=None)
    assert found.edges.select("rule", "accepted").rows() == [("phone_name", False)]
    assert isinstance(found.edges, pl.DataFrame)
