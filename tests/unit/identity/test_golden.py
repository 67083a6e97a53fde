"""The golden record: which of several values is the best, why, and how many records agree."""

from __future__ import annotations

import random
from datetime import datetime, timedelta
from typing import Any

import polars as pl
import pytest

from identity import golden, golden_forms
from identity.golden_statements import ORDER_STATES, RECORD_STATES, STATEMENT_SCHEMA, statements
from identity.ids import MEMBER_SCHEMA

NOW = datetime(2026, 3, 1)
NO_ADCODES = pl.DataFrame(schema={"address_token": pl.String, "adcode": pl.String})
FORMS = pl.DataFrame(
    [("a", 3, "a"), ("b", 3, "b"), ("a2", 3, "a"), ("m", 1, "m"), ("n", 1, "n")],
    schema=golden_forms.FORM_SCHEMA,
    orient="row",
)


def said(
    field: str, value: str, touchpoint: str, *, days: int = 0, record: str = "1", **more: str
) -> dict[str, Any]:
    return {
        **dict.fromkeys(STATEMENT_SCHEMA),
        "customer_id": "C1",
        "field": field,
        "value": value,
        "mask": {"m": "A", "a": "A", "a2": "A"}.get(value, value),
        "source": "s",
        "source_record_id": record,
        "role": "owner",
        "touchpoint": touchpoint,
        "stated_at": NOW - timedelta(days=days),
        **more,
    }


def best(*rows: dict[str, Any]) -> dict[str, Any]:
    told = pl.DataFrame(list(rows), schema=STATEMENT_SCHEMA)
    found = golden.golden(told, FORMS, NO_ADCODES)
    assert found.height == 1
    return found.row(0, named=True)


@pytest.mark.parametrize(
    ("rows", "token", "why"),
    [
        ([said("phone", "a", "cs_phone_ticket")], "a", "only_value"),
        (
            [said("phone", "m", "app_register_login"), said("phone", "b", "cs_phone_ticket")],
            "b",
            "completeness",
        ),
        ([said("phone", "a", "app_register_login", days=300), said("phone", "b", "order")], "a", "trust"),
        ([said("phone", "a", "app_register_login", days=800), said("phone", "b", "order")], "b", "trust"),
        ([said("phone", "a", "order", days=9), said("phone", "b", "order")], "b", "recency"),
        (
            [
                said("name", "a", "order", days=9),
                said("name", "a2", "order", days=8, record="2"),
                said("name", "b", "order", record="3"),
            ],
            "a2",
            "agreement",
        ),
        ([said("name", "b", "order", record="2"), said("name", "a", "order", record="1")], "a", "record_key"),
    ],
    ids=["only", "whole before masked", "trusted", "trust fades", "newer phone", "frequent name", "tie"],
)
def test_the_best_value_and_the_first_criterion_that_tells_it_from_the_next(
    rows: list[dict[str, Any]], token: str, why: str
) -> None:
    found = best(*rows)
    assert (found["token"], found["chosen_by"]) == (token, why)


def test_records_agree_by_spelling_or_by_what_a_mask_shows() -> None:
    """A masked value that shows the same agrees; another mask says nothing; another whole value differs."""
    found = best(
        said("phone", "a", "order", record="1"),
        said("phone", "a2", "cs_phone_ticket", record="2"),
        said("phone", "m", "order", record="3", days=3),
        said("phone", "n", "order", record="4", days=3),
        said("phone", "b", "cs_phone_ticket", record="5", days=9),
    )
    assert (found["records_agreeing"], found["records_differing"], found["values_seen"]) == (3, 1, 4)


def test_a_value_that_says_nothing_is_no_value() -> None:
    """A dummy number has no form, and makes no field."""
    told = pl.DataFrame([said("phone", "dummy", "order")], schema=STATEMENT_SCHEMA)
    assert golden.golden(told, FORMS, NO_ADCODES).is_empty()


def test_the_order_of_statements_does_not_matter() -> None:
    rng = random.Random(5)
    touchpoints = ["order", "app_register_login", "cs_phone_ticket"]
    rows = [
        said(field, rng.choice("abmn"), rng.choice(touchpoints), days=rng.randrange(3), record=str(n))
        | {"customer_id": f"C{n % 7}"}
        for n, field in enumerate(["phone", "name", "email"] * 40)
    ]
    first = golden.golden(pl.DataFrame(rows, schema=STATEMENT_SCHEMA), FORMS, NO_ADCODES)
    rng.shuffle(rows)
    assert golden.golden(pl.DataFrame(rows, schema=STATEMENT_SCHEMA), FORMS, NO_ADCODES).equals(first)


def test_every_trust_names_a_field_and_its_reason_once() -> None:
    trust = golden.trusted()
    assert trust.height == trust.unique(["touchpoint", "field"]).height
    assert set(trust["field"]) <= {
        "name",
        "phone",
        "birthday",
        "gender",
        "email",
        "address",
        "member_no",
        "unionid",
    }
    assert trust["trust"].is_between(golden.LEAST_TRUST, golden.MOST_TRUST).all()
    assert (trust["reason"].str.len_chars() > 10).all()


def test_forms_tell_whole_from_masked_and_join_spellings() -> None:
    values = pl.DataFrame(
        [
            ("t1", "phone", "13912340678"),
            ("t2", "phone", "139****0678"),
            ("t3", "phone", "13800138000"),
            ("t4", "name", "张三先生"),
            ("t5", "name", "张三"),
            ("t6", "name", "张*"),
            ("t7", "birthday", "1990-05-06"),
            ("t8", "birthday", "19900506"),
            ("t9", "birthday", "1970-01-01"),
            ("ta", "email", "A@x.cn"),
            ("tb", "email", "none"),
        ],
        schema=["token", "kind", "value"],
        orient="row",
    )
    told = {token: (whole, same) for token, whole, same in golden_forms.forms(values).iter_rows()}
    assert told == {
        "t1": (3, "t1"), "t2": (1, "t2"), "t4": (3, "t4"), "t5": (3, "t4"), "t6": (1, "t6"),
        "t7": (3, "t7"), "t8": (3, "t7"), "ta": (3, "ta"),
    }  # fmt: skip


def test_the_receiver_of_a_gift_keeps_name_and_phone_the_buyer_his_unionid() -> None:
    """An order speaks of two people: what is written for the courier is never the buyer's."""
    order = dict.fromkeys(["source", "channel", "channel_order_id", *ORDER_STATES], None)
    order |= {"source": "jd_orders", "channel": "jd", "channel_order_id": "1", "unionid": "oUnionOfBuyer"}
    order |= {"receiver_name_token": "k1", "receiver_name_mask": "王*"}
    record = dict.fromkeys(["source", "source_record_id", *RECORD_STATES], None)
    record |= {"source": "r", "source_record_id": "9", "gender": "女", "member_no": "无"}
    member = dict.fromkeys(MEMBER_SCHEMA, None) | {
        "record_kind": "order",
        "source": "jd_orders",
        "channel": "jd",
    }
    members = [
        member | {"source_record_id": "1", "role": "owner", "customer_id": "Buyer"},
        member | {"source_record_id": "1", "role": "recipient", "customer_id": "Friend"},
        member
        | {"record_kind": "touchpoint", "source": "r", "source_record_id": "9", "role": "owner"}
        | {"customer_id": "Woman", "touchpoint": "pos_member_scan"},
    ]
    texts = {"schema_overrides": dict.fromkeys([*order, *record], pl.String)}
    told = statements(
        pl.DataFrame([order], **texts),
        pl.DataFrame([record], **texts),
        pl.DataFrame(members, schema=MEMBER_SCHEMA),
    )
    assert set(told.select("customer_id", "field", "value", "mask").rows()) == {
        ("Friend", "name", "k1", "王*"),
        ("Buyer", "unionid", "oUnionOfBuyer", "oU***er"),
        ("Woman", "gender", "female", "female"),
    }
