"""Rule: on a merchant that shares nothing with the simulated one, from its files to the published index,
promises, anomalies and the five parts by day, week, month, total and channel are what their definition gives,
computed without the project."""

from __future__ import annotations

from typing import Any

import duckdb
import pytest
from support.command import run
from support.foreign_figures import anomalies, counts, on_time, over_at, promise
from support.foreign_merchant import AS_OF, Merchant, land, made
from support.marts import published_file


@pytest.fixture(scope="module")
def merchant() -> Merchant:
    return made(seed=31, orders=420)


@pytest.fixture(scope="module")
def published(merchant: Merchant, tmp_path_factory: pytest.TempPathFactory) -> duckdb.DuckDBPyConnection:
    folder = tmp_path_factory.mktemp("别家 merchant")
    land(merchant, folder / "landing")
    run(folder / "data", "--landing", folder / "landing")
    return duckdb.connect(str(published_file(folder / "data")), read_only=True)


def _rows(published: duckdb.DuckDBPyConnection, sql: str) -> list[tuple[Any, ...]]:
    return published.execute(sql).fetchall()


def test_each_promise_is_due_met_and_kept_to_the_second(
    merchant: Merchant, published: duckdb.DuckDBPyConnection
) -> None:
    columns = "channel, channel_order_id, promise_due_at, promise_met_at, is_on_time"
    told = {row[:2]: row[2:] for row in _rows(published, f"select {columns} from marts.fct_orders")}
    orders = [order for order in merchant.orders if order.paid_at <= AS_OF]
    assert len(told) == len(orders)
    wanted = {
        (order.channel, order.order_id): (*promise(order), on_time(order))
        for order in orders
        if order.channel != "pos"
    }
    assert {key: told[key] for key in wanted} == wanted


def test_anomalies_are_those_of_the_definition(
    merchant: Merchant, published: duckdb.DuckDBPyConnection
) -> None:
    columns = "channel, channel_order_id, event_code, detected_at, resolved_at, is_derived"
    told = _rows(published, f"select {columns} from marts.fct_anomalies where is_in_rate")
    assert sorted(told, key=str) == sorted(anomalies(merchant), key=str)


def test_the_five_parts_are_those_of_the_definition(
    merchant: Merchant, published: duckdb.DuckDBPyConnection
) -> None:
    sql = """
        select
            period, case when period <> 'total' then period_start end, channel, kpi,
            numerator, denominator, value
        from marts.rpt_experience_index where kpi <> 'experience_index' and denominator > 0"""
    told = {row[:4]: row[4:] for row in _rows(published, sql)}
    wanted = counts(merchant)
    assert {key: row[:2] for key, row in told.items()} == wanted
    assert all(value == right / asked for right, asked, value in told.values())


def test_the_index_is_the_weighted_sum_or_says_what_is_missing(
    published: duckdb.DuckDBPyConnection,
) -> None:
    weights = {"on_time_fulfilment_rate": 30, "anomaly_resolved_2h_rate": 25, "change_success_rate": 20}
    weights |= {"cross_channel_merge_rate": 15, "sla_acceptance_rate": 10}
    sql = "select period, period_start, channel, kpi, value, status from marts.rpt_experience_index"
    told = {row[:4]: row[4:] for row in _rows(published, sql)}
    for (period, start, channel, kpi), (value, status) in told.items():
        if kpi != "experience_index":
            continue
        parts = {name: told[period, start, channel, name][0] for name in weights}
        known = [name for name, value in parts.items() if value is not None]
        if len(known) < len(weights):
            assert (value, status) == (None, f"incomplete {len(known)}/5")
        else:
            assert value == pytest.approx(sum(weights[name] * parts[name] for name in weights), abs=1e-9)
            assert status in ("ok", "small_sample")


def test_the_merchant_stands_at_the_edges(merchant: Merchant) -> None:
    """The comparison would say little of a merchant without them."""
    kept = [order for order in merchant.orders if on_time(order)]
    assert any(promise(order)[1] == promise(order)[0] for order in kept), "met at the very second"
    assert any(
        over_at(order) == promise(order)[0] for order in merchant.orders if on_time(order) is not None
    ), "closed at the very second, and so still promised"
    lengths = [end - at for _, _, _, at, end, _ in anomalies(merchant) if end]
    assert any(length.total_seconds() == 7_200 for length in lengths), "two hours sharp"
    assert any(length.total_seconds() == 7_201 for length in lengths)
