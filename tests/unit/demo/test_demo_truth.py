"""The simulated truth: boundaries of the KPI definitions on hand-made orders, and what the world must
contain."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import duckdb
import polars as pl
import pytest
from support.truth import compare_kpis

from dagster_project.demo import anomalies, observed, spellings, world
from dagster_project.demo.clock import DAY, HOUR, Calendar
from dagster_project.demo.truth import kpis, merges, promises

CALENDAR = Calendar(date(2026, 1, 1), 30, 1)
T = CALENDAR.start + 5 * DAY
ORDER = {
    "o": 0,
    "channel": "app",
    "owner": 1,
    "address_key": "k",
    "paid_at": T,
    "first_ship_at": None,
    "ship_at": None,
    "promised_delivery_at": None,
    "promised_ship_at": None,
    "signed_at": None,
    "shown_signed_at": None,
    "with_waybill": True,
    "ended_at": None,
}
SCHEMA = {
    k: pl.String if k in ("channel", "address_key") else pl.Boolean if k == "with_waybill" else pl.Int64
    for k in ORDER
}


def _orders(*changes: dict[str, object]) -> pl.DataFrame:
    rows = [{**ORDER, "o": i, **change} for i, change in enumerate(changes)]
    return pl.DataFrame(rows, schema=SCHEMA)


def _judge(**change: object) -> bool | None:
    return promises.judge(CALENDAR, _orders(change))["is_on_time"].item()


@pytest.mark.parametrize(
    ("change", "on_time"),
    [
        ({"ship_at": T + 48 * HOUR}, True),
        ({"ship_at": T + 48 * HOUR + 1}, False),
        ({}, False),
        ({"promised_ship_at": T + HOUR, "ship_at": T + 60}, True),
        (
            {"promised_delivery_at": T + DAY, "promised_ship_at": T, "signed_at": T + DAY, "ship_at": T + 9},
            True,
        ),
        ({"promised_delivery_at": T + DAY, "ship_at": T + 9, "shown_signed_at": T + 9}, False),
        ({"promised_delivery_at": T + DAY, "shown_signed_at": T + 9, "with_waybill": False}, True),
        ({"ended_at": T + 48 * HOUR - 1}, None),
        ({"ended_at": T + 48 * HOUR}, False),
        ({"paid_at": None}, None),
        ({"channel": "pos"}, None),
        ({"promised_ship_at": CALENDAR.as_of + 1}, None),
        ({"promised_ship_at": CALENDAR.as_of}, False),
    ],
)
def test_a_promise_is_judged_to_the_second(change: dict[str, object], on_time: bool | None) -> None:
    """Met at the due second is on time, one second later is not; over before it fell due does not count."""
    assert _judge(**change) is on_time


@pytest.mark.parametrize(
    ("changes", "sizes"),
    [
        (({}, {"channel": "jd", "paid_at": T + DAY}), [2]),
        (({}, {"channel": "jd", "paid_at": T + DAY + 1}), []),
        (({"first_ship_at": T + HOUR}, {"channel": "jd", "paid_at": T + HOUR}), [2]),
        (({"first_ship_at": T + HOUR}, {"channel": "jd", "paid_at": T + HOUR + 1}), []),
        (({}, {"paid_at": T + 9}), []),
        (({}, {"channel": "jd", "address_key": "other"}), []),
        (({}, {"channel": "jd", "owner": 2}), []),
        (({}, {"channel": "pos"}), []),
        (({}, {"channel": "jd", "address_key": None}), []),
        (
            (
                {},
                {"channel": "jd", "paid_at": T + 20 * HOUR},
                {"channel": "kuaishou", "paid_at": T + 40 * HOUR},
            ),
            [3],
        ),
        (
            (
                {"first_ship_at": T + 2},
                {"channel": "jd", "paid_at": T + 1},
                {"channel": "jd", "paid_at": T + 3},
                {"paid_at": T + 4},
            ),
            [2, 2],
        ),
    ],
)
def test_groups_follow_payments_until_something_ships(
    changes: tuple[dict[str, object], ...], sizes: list[int]
) -> None:
    """24 h to the second, from one payment to the next; a group ends at the first payment after a
    shipment."""
    found = merges.groups(_orders(*changes))
    assert found.group_by("group").len().sort("group")["len"].to_list() == sizes


@pytest.fixture(scope="module")
def made() -> world.World:
    """A world of the default size, without files."""
    return world.build(Calendar(date(2026, 1, 1), 60, 7), 12_000)


def test_most_customers_cross_channels_and_merge_groups_abound(made: world.World) -> None:
    """Six in ten persons buy on several channels; the merge rate has a population worth its weight."""
    by_person = made.orders.group_by("buyer").agg(pl.col("channel").n_unique())
    assert 0.5 < (by_person["channel"] > 1).mean() < 0.7
    judged = observed.add_ends(made.calendar, made.orders)
    assert merges.groups(judged)["group"].n_unique() >= 200


def test_boundary_cases_stand_in_the_world(made: world.World) -> None:
    """Kept to the second, one second late, exactly 24 h apart, shipped between payments: each occurs."""
    judged = promises.judge(made.calendar, observed.add_ends(made.calendar, made.orders))
    slack = (judged["promise_due_at"] - judged["promise_met_at"]).drop_nulls()
    assert (slack == 0).sum() >= 20
    assert (slack == -1).sum() >= 5
    gaps = judged.sort("burst", "step").select(pl.col("paid_at").diff().over("burst")).to_series()
    assert (gaps == DAY).sum() >= 5
    assert (gaps == DAY + 1).sum() >= 5
    early, late = (
        (judged["ended_at"] < judged["promise_due_at"]),
        (judged["ended_at"] > judged["promise_due_at"]),
    )
    assert early.sum() >= 50
    assert late.sum() >= 20


def test_anomalies_of_each_kind_begin_when_their_condition_does(made: world.World) -> None:
    """All three kinds occur, some resolved, some open; none of an order that was over, none from the
    future."""
    judged = observed.add_ends(made.calendar, made.orders)
    found = anomalies.derive(made, judged).join(judged.select("o", "ended_at", "channel"), on="o")
    assert set(found["event_code"]) == {"ship_overdue", "pickup_timeout", "transit_stalled"}
    assert 0 < found["resolved_at"].null_count() < len(found)
    assert not (found["ended_at"] <= found["detected_at"]).any()
    assert (found["detected_at"] <= made.calendar.as_of).all()
    assert "pos" not in set(found["channel"])


def test_line_shares_add_up_to_the_orders_money(made: world.World) -> None:
    """What 抖店 splits over sub-orders must sum to what was paid, to the fen."""
    shares = made.lines.group_by("o").agg(pl.col("paid_share").sum())
    both = made.orders.join(shares, on="o")
    assert (both["paid_share"] == both["paid_amount"]).all()


def test_ids_never_meet_nor_look_damaged(made: world.World) -> None:
    """An id is unique in its channel, and none ends in the zeros that a spreadsheet program leaves behind."""
    assert made.orders.select("channel", "channel_order_id").is_duplicated().sum() == 0
    assert made.parcels["waybill_no"].is_duplicated().sum() == 0
    assert not made.orders["channel_order_id"].str.ends_with("000").any()


def test_totals_are_the_sums_of_days_and_weeks_start_on_monday(small_demo: Path) -> None:
    """A rate over a longer period is the ratio of the sums."""
    table = pl.read_parquet(small_demo / "truth" / "kpi.parquet")
    sums = table.group_by("period", "channel", "kpi").agg(pl.col("numerator", "denominator").sum())
    days = sums.filter(pl.col("period") == "day").drop("period").sort("channel", "kpi")
    for period in ("week", "month", "total"):
        assert sums.filter(pl.col("period") == period).drop("period").sort("channel", "kpi").equals(days)
    weeks = table.filter(pl.col("period") == "week")["period_start"]
    assert set(weeks.dt.weekday()) == {1}
    assert set(table["kpi"]) == set(kpis.PARTS)


def test_a_difference_from_the_truth_is_named(small_demo: Path, tmp_path: Path) -> None:
    """The comparison that other tests lean on must be able to fail."""
    file = tmp_path / "serving.duckdb"
    truth = pl.read_parquet(small_demo / "truth" / "kpi.parquet")
    with duckdb.connect(str(file)) as connection:
        connection.execute("create schema marts")
        connection.execute("create table marts.rpt_experience_index as select * from truth")
        assert len(truth)
    assert compare_kpis(file, small_demo / "truth") == []
    with duckdb.connect(str(file)) as connection:
        connection.execute(
            "update marts.rpt_experience_index set numerator = numerator + 1 where period = 'total' "
            "and channel = 'all' and kpi = 'sla_acceptance_rate'"
        )
    (line,) = compare_kpis(file, small_demo / "truth")
    assert "total - all sla_acceptance_rate" in line


def test_a_written_address_names_one_place(small_demo: Path, made: world.World) -> None:
    """Equal cells must not stand for two places, or no standardising could be right."""
    told = made.orders.filter(pl.col("channel") != "pos")
    places = told.select(*spellings.PARTS, "adcode", "address_key", "visible_to").unique()
    assert places.select(spellings.PARTS).is_duplicated().sum() == 0
    truth = pl.read_parquet(small_demo / "truth" / "addresses.parquet")
    assert truth.select(spellings.PARTS).is_duplicated().sum() == 0
    assert truth.filter(pl.col("address_key").is_not_null())["visible_to"].unique().to_list() == ["room"]


def test_persons_are_hard_to_tell_apart(made: world.World) -> None:
    """Phones of families, companies and earlier holders, gifts, namesakes, masks: identity has to meet
    them all."""
    phones = made.people.group_by("phone").agg(pl.len(), pl.col("family").n_unique().alias("families"))
    assert (phones["len"] > 1).sum() >= 100
    assert (phones["families"] >= 10).sum() >= 2
    assert ((phones["len"] == 2) & (phones["families"] == 2)).sum() >= 10
    assert made.people["name"].is_duplicated().sum() >= 50
    told = made.orders.filter(pl.col("channel") != "pos")
    assert (told["buyer"] != told["receiver"]).mean() > 0.03
    assert (told["owner"] != told["buyer"]).sum() >= 50
    assert told["w_phone"].str.contains("*", literal=True).sum() >= 1000
    assert told["w_phone"].str.contains("-", literal=True).sum() >= 500


def test_what_was_counted_differs_only_where_a_cause_was_injected(small_demo: Path) -> None:
    """A variance without a cause, or a cause of a known kind without a variance, would be an error of
    the world."""
    truth = pl.read_parquet(small_demo / "truth" / "stock_variances.parquet")
    assert (truth["counted_qty"] - truth["book_qty"]).equals(truth["variance_qty"])
    assert truth.filter(pl.col("variance_qty") != 0)["cause"].null_count() == 0
    assert (
        truth.filter(pl.col("variance_qty") == 0)["cause"].null_count()
        == truth.filter(pl.col("variance_qty") == 0).height
    )
    assert set(truth["count_type"]) == {"physical", "system"}
