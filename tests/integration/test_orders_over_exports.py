"""What several exports of the same orders tell together: timeline, absent rows, links, unmapped columns.

One small lake, one dbt build, one behaviour a test. Boundaries are dbt unit tests beside the models.
"""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

import duckdb
import polars as pl
import pytest
from support.dbt_build import dbt_build, read_table
from support.small_lake import write_lake

AS_OF = datetime(2026, 1, 31)
FIRST, SECOND, THIRD, FOURTH = (datetime(2026, 1, day) for day in (5, 6, 7, 8))
Row = dict[str, str | float | int | datetime | None]


def line(order: str, exported_at: datetime, status: str, **more: str | float | datetime | None) -> Row:
    """A line of a channel that the project has never heard of."""
    row: Row = {"source": "xinxuan_orders", "channel": "xinxuan", "channel_order_id": order}
    row |= {"channel_line_id": f"{order}-1", "status": status, "exported_at": exported_at}
    times = {"ordered_at": datetime(2026, 1, 4, 8), "paid_at": None, "shipped_at": None}
    return row | {"shop_id": "s1", "paid_amount_cny": 10.0, "extras": None} | times | more


def listing(sku: str, exported_at: datetime) -> Row:
    """A SKU as a shop's whole listing shows it."""
    row: Row = {"source": "luyue_channel_listings", "channel": "xinxuan", "shop_id": "s1", "sku_code": sku}
    return row | {"listed_qty": 5, "changed_at": exported_at, "exported_at": exported_at}


PAID = datetime(2026, 1, 4, 9)
ROWS: dict[str, list[Row]] = {
    "orders": [
        line("A", FIRST, "paid_pending_ship", paid_at=PAID),
        line("B", FIRST, "pending_payment"),
        line("A", SECOND, "shipped", paid_at=PAID, extras='{"清关状态":"查验"}'),
        line("C", SECOND, "paid_pending_ship", paid_at=PAID, extras='{"split_order_ids":"C1,C2"}'),
        line("A", THIRD, "shipped", paid_at=PAID, extras='{"清关状态":"放行"}'),
        line("C", THIRD, "paid_pending_ship", paid_at=PAID, extras='{"split_order_ids":"C1,C2"}'),
        line("A", FOURTH, "shipped", paid_at=PAID),
        *(line("D", at, "shipped", paid_at=PAID) for at in (FIRST, THIRD, FOURTH)),
        line("D", SECOND, "paid_pending_ship", paid_at=PAID),
        {"source": "luyue_orders", "channel": "xinxuan", "channel_order_id": "C", "channel_line_id": "C-1"}
        | {"status": "paid_pending_ship", "exported_at": FOURTH},
    ],
    "order_events": [
        {"event_id": "E1", "channel": "xinxuan", "channel_order_id": "A", "event_code": "payment_succeeded"}
        | {"occurred_at": PAID, "received_at": datetime(2026, 1, 4, 9, 1), "source_system": "oms"},
        {"event_id": "E2", "channel": "xinxuan", "channel_order_id": "A", "event_code": "order_split_merged"}
        | {"occurred_at": FIRST, "payload": '{"action":"merge","orders":[{"channel_order_id":"A"},'}
        | {"received_at": FIRST, "source_system": "oms"},
        {"event_id": "E3", "channel": "xinxuan", "channel_order_id": "A", "event_code": "never_heard_of"}
        | {"occurred_at": FIRST, "received_at": FIRST, "source_system": "oms"},
    ],
    "channel_listings": [listing("K1", FIRST), listing("K2", FIRST), listing("K1", SECOND)],
    "stock_movements": [
        {"warehouse_code": "W1", "sku_code": sku, "movement_id": f"M{sku}", "line_no": "1"}
        | {"movement_type": "opening", "quantity": 9, "occurred_at": FIRST}
        for sku in ("K1", "K2")
    ],
    "resources": [
        {"resource_code": code, "name": code, "valid_from": None, "exported_at": at}
        for at, codes in ((FIRST, ("R1", "R2")), (SECOND, ("R1",)))
        for code in codes
    ],
}
WHOLE = {
    "xinxuan_orders": {
        "window_column": "ordered_at",
        "window_from": datetime(2026, 1, 1),
        "window_to": datetime(2026, 1, 5),
    },
    "luyue_channel_listings": {"is_complete": True},
    "luyue_resources": {"is_complete": True},
}


@pytest.fixture(scope="module")
def warehouse(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("exports")
    models = "+fct_orders +fct_order_transitions +fct_order_lines +fct_order_events +bridge_order_splits"
    models += " +rpt_absent_rows +dim_resources +fct_stock_positions +rpt_experience_index"
    env = write_lake(folder, ROWS, {"xinxuan_orders": "line", "luyue_orders": "line"}, WHOLE)
    return dbt_build(folder, env, AS_OF, models)


def test_pushed_dated_and_observed_events_are_one_timeline(warehouse: Path) -> None:
    """The push and the time column of one payment are one event; a shipping without a time has its bounds."""
    found = read_table(warehouse, "marts.fct_order_events").filter(pl.col("channel_order_id") == "A")
    columns = ("event_code", "occurred_at", "occurred_after", "occurred_before", "received_at", "evidence")
    assert found.sort("event_code").select(*columns, "is_derived").rows() == [
        ("never_heard_of", FIRST, None, None, FIRST, "pushed_event", False),
        ("order_created", datetime(2026, 1, 4, 8), None, None, None, "time_column", True),
        ("order_shipped", None, FIRST, SECOND, None, "state_change", True),
        ("order_split_merged", FIRST, None, None, FIRST, "pushed_event", False),
        ("payment_succeeded", PAID, None, None, datetime(2026, 1, 4, 9, 1), "time_column", False),
    ]


def test_a_state_that_goes_back_is_kept_flagged_and_counted(warehouse: Path) -> None:
    """Shipped, then waiting, then shipped again: the step back is not allowed, the step on is."""
    found = read_table(warehouse, "marts.fct_order_transitions").filter(pl.col("channel_order_id") == "D")
    columns = ("from_status", "to_status", "occurred_after", "occurred_before", "is_allowed")
    assert found.sort("occurred_before").select(*columns, "transition_kind").rows() == [
        ("shipped", "paid_pending_ship", FIRST, SECOND, False, "backward"),
        ("paid_pending_ship", "shipped", SECOND, THIRD, True, "forward"),
    ]
    orders = read_table(warehouse, "marts.fct_orders").sort("channel_order_id")
    assert orders.select("forbidden_transition_count", "backward_transition_count").rows() == [
        (0, 0),
        (0, 0),
        (0, 0),
        (1, 1),
    ]


def test_an_order_gone_from_a_whole_export_is_marked_and_stays(warehouse: Path) -> None:
    """Merchants want to know what vanished, and since when; nothing that was shown is thrown away."""
    orders = read_table(warehouse, "marts.fct_orders").sort("channel_order_id")
    assert orders.select("channel_order_id", "is_absent_since").rows() == [
        ("A", None),
        ("B", SECOND),
        ("C", None),
        ("D", None),
    ]
    lines = read_table(warehouse, "marts.fct_order_lines").sort("channel_order_id")
    assert lines["is_absent_since"].to_list() == [None, SECOND, None, None]


def test_absent_master_data_and_listings_count_no_longer(warehouse: Path) -> None:
    """A resource that is gone is not current, a SKU that is delisted not listed; both stay readable."""
    resources = read_table(warehouse, "marts.dim_resources").sort("resource_code")
    assert resources.select("is_current", "is_absent_since").rows() == [(True, None), (False, SECOND)]
    positions = read_table(warehouse, "marts.fct_stock_positions").sort("sku_code")
    assert positions["listed_qty"].to_list() == [5, None]
    absent = read_table(warehouse, "marts.rpt_absent_rows").sort("feed")
    assert absent.select("feed", "business_key", "is_absent_since").rows() == [
        ("channel_listings", "xinxuan/s1/K2", SECOND),
        ("orders", "xinxuan/B/B-1", SECOND),
        ("resources", "R2", SECOND),
    ]


def test_a_list_in_extras_links_the_orders_of_a_split(warehouse: Path) -> None:
    """A payload that is no JSON links nothing, and stops nothing."""
    found = read_table(warehouse, "marts.bridge_order_splits").sort("channel_order_id")
    columns = ("link_type", "parent_channel_order_id", "channel", "channel_order_id", "evidence")
    assert found.select(*columns, "first_seen_at").rows() == [
        ("split", "C", "xinxuan", "C1", "seller_remark", SECOND),
        ("split", "C", "xinxuan", "C2", "seller_remark", SECOND),
    ]


def test_a_column_that_no_contract_maps_is_asked_of_the_order(warehouse: Path) -> None:
    """The newest that the order has: a later file without such columns takes nothing away."""
    query = """
        select json_extract_string(extras, '$."清关状态"'), json_extract_string(extras, '$.split_order_ids')
        from marts.fct_orders order by channel_order_id
    """
    with duckdb.connect(str(warehouse), read_only=True) as connection:
        assert connection.execute(query).fetchall() == [
            ("放行", None),
            (None, None),
            (None, "C1,C2"),
            (None, None),
        ]


def test_a_channel_that_nobody_has_heard_of_is_in_the_index(warehouse: Path) -> None:
    """No list of channels stands anywhere between a contract and the index."""
    index = read_table(warehouse, "marts.rpt_experience_index")
    assert "xinxuan" in index["channel"].to_list()
