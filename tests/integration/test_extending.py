"""海外仓直发, a channel with a state, steps and events of its own: contracts and seed rows, and no model."""

from __future__ import annotations

import json
import shutil
from datetime import datetime
from pathlib import Path

import polars as pl
import pytest
from support.dbt_build import dbt_build, read_table
from support.small_lake import write_lake

from dagster_project import settings as all_settings
from dagster_project.lib import dbt_project, ledger
from dagster_project.lib.ingest.running import ingest

EXAMPLE = Path(__file__).resolve().parents[2] / "docs" / "examples" / "overseas"
AS_OF = datetime(2026, 3, 20, 9, 30)
STORES = ("LUYUE_LAKE", "LUYUE_BATCHES", "LUYUE_SEED_ROWS")
CLEARED, HELD = "OD26031001", "OD26031002"


@pytest.fixture(scope="module")
def warehouse(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The example's exports through its own contracts, built with its own rows."""
    folder = tmp_path_factory.mktemp("overseas")
    settings = all_settings.load(data=folder / "data", channels=[EXAMPLE], env={"LUYUE_VAULT_KEY": "ab" * 32})
    shutil.copytree(EXAMPLE / "landing", settings.landing)
    assert not ingest(settings).refused_files
    ledger.refresh(settings)
    env = dbt_project.environment(settings, AS_OF)
    stores = write_lake(folder / "empty", {}) | {name: env[name] for name in STORES}
    models = (
        "+fct_order_transitions +fct_order_events +fct_anomalies +fct_contract_clauses +bridge_event_edges"
    )
    return dbt_build(folder, stores, AS_OF, models)


def test_no_order_has_a_state_that_nobody_knows(warehouse: Path) -> None:
    """The platform's words are states; its customs state stays readable in `extras`."""
    orders = read_table(warehouse, "marts.fct_orders").sort("channel_order_id")
    assert orders.select("channel_order_id", "status").rows() == [(CLEARED, "signed"), (HELD, "customs")]
    assert [json.loads(extras)["清关状态"] for extras in orders["extras"]] == ["放行", "退查"]


def test_its_steps_are_allowed_on_this_channel_and_the_wrong_one_is_not(warehouse: Path) -> None:
    """Through customs on; from the last leg back into customs is a step back that no row allows."""
    found = read_table(warehouse, "marts.fct_order_transitions").sort("channel_order_id", "occurred_before")
    columns = ("channel_order_id", "from_status", "to_status", "is_allowed", "transition_kind")
    assert found.select(columns).rows() == [
        (CLEARED, "paid_pending_ship", "customs", True, "forward"),
        (CLEARED, "customs", "signed", True, "forward"),
        (HELD, "paid_pending_ship", "shipped", True, "forward"),
        (HELD, "shipped", "customs", False, "backward"),
    ]


def test_its_international_nodes_are_events_of_the_timeline(warehouse: Path) -> None:
    events = read_table(warehouse, "marts.fct_order_events").filter(pl.col("channel_order_id") == CLEARED)
    abroad = events.filter(pl.col("event_code").str.starts_with("customs")).sort("occurred_at")
    assert abroad.select("event_code", "occurred_at", "evidence").rows() == [
        ("customs_entered", datetime(2026, 3, 15, 6), "track"),
        ("customs_held", datetime(2026, 3, 16, 11), "track"),
        ("customs_cleared", datetime(2026, 3, 17, 15), "track"),
    ]
    assert {"logistics_picked_up", "delivered_signed"} <= set(events["event_code"])


def test_its_anomaly_is_answered_for_by_its_own_role(warehouse: Path) -> None:
    """Due in the minutes of its row, ended by the event of its row, and outside the rate."""
    anomaly = read_table(warehouse, "marts.fct_anomalies").filter(pl.col("event_code") == "customs_held")
    columns = ("owner_role", "response_due_at", "resolved_at", "is_response_in_time", "is_in_rate")
    assert anomaly.select(columns).rows() == [
        ("customs_desk", datetime(2026, 3, 16, 15), datetime(2026, 3, 17, 15), False, False)
    ]


def test_its_promise_and_its_edges_are_there(warehouse: Path) -> None:
    clauses = read_table(warehouse, "marts.fct_contract_clauses").filter(pl.col("is_default"))
    assert clauses.sort("channel_order_id")["promised_at"].to_list() == [
        datetime(2026, 3, 15, 20, 2),
        datetime(2026, 3, 15, 21, 1),
    ]
    edges = read_table(warehouse, "marts.bridge_event_edges")
    walked = edges.filter(pl.col("from_event") == "customs_entered").sort("to_event")
    assert walked.select("to_event", "order_count").rows() == [("customs_cleared", 1), ("customs_held", 1)]
