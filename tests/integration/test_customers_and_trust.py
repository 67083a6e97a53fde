"""Customers, the bridge, master data and trust, on a small lake: one dbt build, one behaviour a test."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from pathlib import Path

import polars as pl
import pytest
from support.dbt_build import dbt_build, read_table
from support.small_lake import write_lake

AS_OF = datetime(2026, 1, 31)
OLD = datetime(2026, 1, 20)
Row = dict[str, str | float | datetime | None]


def member(source: str, record: str, customer: str, day: int, role: str = "owner", **more: str) -> Row:
    """An order record of one customer."""
    row = {"source": source, "channel": source.partition("_")[0], "source_record_id": record, "role": role}
    row |= {"record_kind": "order", "touchpoint": "app_order_checkout", "customer_id": customer}
    return row | {"occurred_at": datetime(2026, 1, day), "exported_at": AS_OF} | more


def order(channel: str, number: str, amount: float, **more: str | datetime) -> Row:
    """A paid order of one line."""
    row = {"source": f"{channel}_orders", "channel": channel, "channel_order_id": number}
    row |= {"channel_line_id": f"{number}-1", "status": "shipped", "paid_amount_cny": amount}
    return row | {"paid_at": datetime(2026, 1, 5), "ordered_at": datetime(2026, 1, 5)} | more


def golden(customer: str, field: str, mask: str, **more: str | int | None) -> Row:
    """A golden value of one customer, from the till receipt of East Gate unless told otherwise."""
    row: Row = {
        "customer_id": customer,
        "field": field,
        "mask": mask,
        "source": "pos_receipts",
        "role": "owner",
    }
    row |= {"channel": "pos", "source_record_id": "East Gate-20260105-7", "touchpoint": "order", "trust": 3}
    row |= {"completeness": 3, "chosen_by": "only_value", "records_agreeing": 1, "records_differing": 0}
    return row | {"values_seen": 1, "stated_at": OLD} | more


def figure(version: int, kpi: str, value: float | None, sample: int) -> Row:
    row: Row = {"version": version, "measured_at": OLD, "kpi": kpi, "band": "all", "value": value}
    return row | {"numerator": value, "denominator": 1.0, "sample": sample}


ROWS: dict[str, list[Row]] = {
    "orders": [
        order("jd", "1", 2500),
        order("taobao", "2", 500),
        order("taobao", "3", 9000, status="closed_refunded"),
        order("pos", "East Gate-20260105-7", 80, store_id="East Gate"),
    ],
    "members": [
        member("jd_orders", "1", "C1", 5),
        member("jd_orders", "1", "C2", 5, role="recipient"),
        member("taobao_orders", "2", "C1", 7),
        member("taobao_orders", "3", "C1", 8),
        member("taobao_items", "2", "C1", 7),
        member("pos_receipts", "East Gate-20260105-7", "C3", 6),
        member("luyue_customer_records", "T9", "C1", 1, record_kind="touchpoint", touchpoint="cs_im_session")
        | {"channel": "app"},
    ],
    "golden": [
        golden("C3", "name", "王*"),
        golden("C3", "address", "浙江省杭州市西湖区***", adcode="330106", completeness=2),
        golden("C1", "phone", "138****0001", source="jd_orders", channel="jd", source_record_id="1"),
    ],
    "identity_quality": [
        figure(1, "label_precision", 0.9, 12),
        figure(2, "label_precision", 0.99, 300),
        figure(2, "label_recall", None, 0),
    ],
    "resources": [
        {"resource_code": "S1", "name": "East Gate", "valid_from": OLD, "valid_to": None},
        {"resource_code": "S1", "name": "East Gate", "valid_from": datetime(2025, 1, 1), "valid_to": OLD},
        {"resource_code": "S2", "name": "Closed", "valid_from": datetime(2025, 1, 1), "valid_to": OLD},
    ],
    "change_requests": [
        {"request_id": f"R{n}", "channel": "jd", "channel_order_id": "1", "initiator": "customer"}
        | {"request_type": "expedite", "requested_at": OLD, "decided_at": OLD, "outcome": "succeeded"}
        | {"exported_at": OLD}
        for n in range(2)
    ],
}


@pytest.fixture(scope="module")
def warehouse(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("customers")
    grains = {f"{channel}_orders": "line" for channel in ("jd", "taobao", "pos")}
    models = "+fct_orders +dim_customers +dim_customer_fields +bridge_customer_records +dim_resources"
    models += " +rpt_kpi_trust +rpt_identity_quality"
    return dbt_build(folder, write_lake(folder, ROWS, grains), AS_OF, models)


def test_a_customer_is_worth_what_stayed_paid(warehouse: Path) -> None:
    """A refunded order is owned, and is worth nothing; a recipient owns none."""
    found = read_table(warehouse, "marts.dim_customers").sort("customer_id")
    assert found.select("customer_id", "order_count", "paid_amount_cny", "value_tier").rows() == [
        ("C1", 3, Decimal(3000), "high"),
        ("C2", 0, Decimal(0), "none"),
        ("C3", 1, Decimal(80), "low"),
    ]
    assert found.select("channels", "touchpoints", "first_seen_at").row(0) == (
        "app,jd,taobao",
        "app_order_checkout,cs_im_session",
        datetime(2026, 1, 1),
    )


def test_the_bridge_names_owner_and_recipient_once(warehouse: Path) -> None:
    """A till receipt stands under the code of its store, as in fct_orders."""
    found = read_table(warehouse, "marts.bridge_customer_records").sort("source", "source_record_id")
    assert found.select("source", "source_record_id", "customer_id", "recipient_customer_id").rows() == [
        ("jd_orders", "1", "C1", "C2"),
        ("luyue_customer_records", "T9", "C1", None),
        ("pos_receipts", "S1-20260105-7", "C3", None),
        ("taobao_items", "2", "C1", None),
        ("taobao_orders", "2", "C1", None),
        ("taobao_orders", "3", "C1", None),
    ]
    orders = read_table(warehouse, "marts.fct_orders")
    assert "S1-20260105-7" in orders["channel_order_id"].to_list()


def test_golden_values_stand_beside_the_customer_and_name_their_record(warehouse: Path) -> None:
    """Masked, with the till receipt under the code of its store as everywhere else."""
    found = read_table(warehouse, "marts.dim_customers").sort("customer_id")
    masks = found.select("customer_id", "name_mask", "phone_mask", "address_mask", "adcode")
    assert masks.rows() == [
        ("C1", None, "138****0001", None, None),
        ("C2", None, None, None, None),
        ("C3", "王*", None, "浙江省杭州市西湖区***", "330106"),
    ]
    fields = read_table(warehouse, "marts.dim_customer_fields").sort("customer_id", "field")
    assert fields.select("field", "completeness", "source_record_id").rows() == [
        ("phone", "complete", "1"),
        ("address", "mostly", "S1-20260105-7"),
        ("name", "complete", "S1-20260105-7"),
    ]


def test_identity_quality_tells_the_version_before_and_small_samples(warehouse: Path) -> None:
    found = read_table(warehouse, "marts.rpt_identity_quality").sort("identity_version", "kpi")
    assert found.select(
        "identity_version", "kpi", "value", "previous_value", "status", "is_current"
    ).rows() == [
        (1, "label_precision", 0.9, None, "small_sample", False),
        (2, "label_precision", 0.99, 0.9, "ok", True),
        (2, "label_recall", None, None, "missing", True),
    ]


def test_one_version_of_a_resource_is_current(warehouse: Path) -> None:
    found = read_table(warehouse, "marts.dim_resources").filter("is_current")
    assert found.select("resource_code", "valid_from").rows() == [("S1", OLD)]


def test_trust_says_what_is_stale_and_what_never_came(warehouse: Path) -> None:
    found = read_table(warehouse, "marts.rpt_kpi_trust")
    said = {(kpi, feed): rest for kpi, feed, *rest in found.select(_TRUST).rows()}
    assert said["change_success_rate", "change_requests"] == [264.0, False, "stale", "feed_stale"]
    assert said["sla_acceptance_rate", "sla_offers"] == [None, False, "missing", "feed_missing"]
    assert said["anomaly_resolved_2h_rate", "orders"][:2] == [0.0, True]
    assert found.filter(pl.col("note_code") == "ok", pl.col("trust_status") != "trusted").is_empty()


_TRUST = ("kpi", "source_feed", "age_hours", "is_fresh", "trust_status", "note_code")
