"""Each page over a whole run: its numbers are the marts', and each opens the rows that it counts.

The expected figures are asked of the fact tables, not of the roll-ups that the pages read.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from support.demo_run import DemoRun
from support.rooms import at_desk, shown

from app import formats
from app.columns import LABELS
from app.labels import LANGUAGES, Labels, table
from app.queries import listing
from app.queries.listing import Wanted
from app.rooms import (
    anomalies,
    contracts,
    customers,
    fulfilment,
    inventory,
    operations,
    quality,
    resources,
    rules,
)

ROOMS = (
    fulfilment,
    anomalies,
    contracts,
    inventory,
    customers,
    quality,
    resources,
    rules,
    operations,
)
PAGES = {module.__name__.rsplit(".", 1)[-1]: module for module in ROOMS}
IN_PERIOD = {
    "total": "true",
    "month": "{0} >= $start and {0} < $start::date + interval 1 month",
    "week": "{0} >= $start and {0} < $start::date + interval 7 day",
}
EXPECTED = {
    "fulfilment": """select count_if(is_on_time) / count(*) from marts.fct_orders
        where is_on_time is not null and {0} and {channel}""",
    "anomalies": """select count_if(is_resolved_2h) / count(*) from marts.fct_anomalies
        where is_in_rate and is_due and {0} and {channel}""",
    "contracts": """select count_if(clause_status = 'kept') / count(*) from marts.fct_contract_clauses
        join marts.fct_fulfilment_contracts using (contract_id)
        where clause_status in ('kept', 'broken') and {0} and {channel}""",
    "inventory": """select count_if(abs(variance_qty) <= tolerance_qty) / count(*)
        from marts.fct_inventory_reconciliation where {0}""",
}
"""The one number of a page, from its facts; {0} is the condition of the period."""
MOMENT = {
    "fulfilment": "promise_due_at",
    "anomalies": "detected_at",
    "contracts": "fct_fulfilment_contracts.opened_at",
    "inventory": "counted_at",
}


@pytest.fixture(scope="module")
def ask(demo_run: DemoRun) -> Callable[..., Any]:
    """One value of the published file, asked past the app."""
    import duckdb

    name = (demo_run.data / "serving" / "CURRENT").read_text(encoding="utf-8").strip()

    def asked(sql: str, **parameters: object) -> Any:  # noqa: ANN401 (whatever the query gives)
        with duckdb.connect(demo_run.data / "serving" / name, read_only=True) as con:
            used = {key: value for key, value in parameters.items() if f"${key}" in sql}
            row = con.execute(sql, used).fetchone()
        assert row is not None
        return row[0]

    return asked


@pytest.mark.parametrize("channel", ["all", "jd"])
@pytest.mark.parametrize("kind", ["total", "month", "week"])
@pytest.mark.parametrize("name", EXPECTED)
def test_the_number_of_a_page_is_that_of_the_facts(
    demo_run: DemoRun, ask: Callable[..., Any], name: str, kind: str, channel: str
) -> None:
    """Passes if the number under the page's question equals a count over the facts."""
    with at_desk(demo_run.data / "serving", kind=kind, channel=channel) as desk:
        numbers = shown(PAGES[name], desk).numbers
        span = IN_PERIOD[kind].format(MOMENT[name])
        of_channel = "true" if channel == "all" else "channel = $channel"
        sql = EXPECTED[name].format(span, channel=of_channel)
        expected = ask(sql, start=desk.scope.start, channel=channel)
    assert numbers[0] == formats.percent(expected)


@pytest.mark.parametrize("channel", ["all", "douyin"])
def test_late_orders_of_each_slice_are_those_behind_its_door(demo_run: DemoRun, channel: str) -> None:
    """Passes if each row of the four dot plots opens exactly the orders that it calls late."""
    from app.queries import fulfilment as promises

    with at_desk(demo_run.data / "serving", channel=channel) as desk:
        page = shown(fulfilment, desk)
        told = {
            f"late/{row['dimension']}/{row['member']}": row["late_count"]
            for row in promises.promises(desk.version, desk.scope).to_dicts()
        }
        doors = [name for name in page.doors.behind if name.startswith("late/") and name in told]
        if channel != "all":
            doors = [name for name in doors if not name.startswith("late/channel/")]
        assert len(doors) > 5
        assert {name: page.rows(name) for name in doors} == {name: told[name] for name in doors}
        found = promises.promises(desk.version, desk.scope).to_dicts()
        whole = next(row for row in found if row["dimension"] == "all")
        assert page.rows("late") == whole["late_count"] > 0
        if "open" in page.doors.behind:
            assert page.rows("open") == whole["open_count"]


def test_one_channel_counted_from_its_orders_is_the_published_row(demo_run: DemoRun) -> None:
    """Passes if what is counted for a picked channel equals the roll-up's row of that channel."""
    from app.queries import fulfilment as promises

    shared = ("numerator", "denominator", "late_count", "open_count", "p50_late_minutes")
    with at_desk(demo_run.data / "serving", channel="pinduoduo") as desk:
        rows = promises.promises(desk.version, desk.scope).to_dicts()
    counted = next(row for row in rows if row["dimension"] == "all")
    published = next(row for row in rows if row["dimension"] == "channel" and row["member"] == "pinduoduo")
    assert [counted[name] for name in shared] == pytest.approx([published[name] for name in shared])


def test_figures_open_what_they_count(demo_run: DemoRun, ask: Callable[..., Any]) -> None:
    """Passes if rates open their denominator less their numerator, and counts as many rows as they say."""
    kpis = {
        "fulfilment": ("on_time_ship_rate", "on_time_delivery_rate"),
        "anomalies": ("refund_response_4h_rate", "return_interception_rate"),
        "contracts": ("sla_acceptance_rate",),
    }
    sql = (
        "select {} from marts.rpt_kpis where kpi = $kpi and period = 'total' and dimension = 'all'"
        " and member = 'all'"
    )
    with at_desk(demo_run.data / "serving") as desk:
        for name, of_page in kpis.items():
            page = shown(PAGES[name], desk)
            for kpi in of_page:
                missed = ask(sql.format("denominator - numerator"), kpi=kpi)
                assert page.rows(kpi) == missed, kpi
        page = shown(anomalies, desk)
        assert page.rows("order_anomaly_rate") == ask(sql.format("numerator"), kpi="order_anomaly_rate")
        open_now = ask("select count(*) from marts.fct_anomalies where resolved_at is null")
        assert page.rows("waiting") == open_now
        assert sum(page.rows(door) for door in page.doors.behind if door.startswith("queue/")) == open_now
        assert sum(page.rows(door) for door in page.doors.behind if door.startswith("age/")) == open_now
        page = shown(inventory, desk)
        standing = ask(
            "select count(*) from marts.fct_inventory_reconciliation"
            " where is_newest and status in ('open', 'explained')"
        )
        assert page.rows("variances") == standing
        assert sum(page.rows(door) for door in page.doors.behind if door.startswith("cause/")) == standing
        page = shown(customers, desk)
        assert page.rows("people") == ask("select count(*) from marts.dim_customers")
        single = ask(
            "select denominator - numerator from marts.rpt_kpis where kpi = 'unification_rate'"
            " and period = 'total' and dimension = 'all'"
        )
        assert page.rows("alone") == single


def test_findings_and_gaps_open_what_they_count(demo_run: DemoRun, ask: Callable[..., Any]) -> None:
    """Passes if each count of findings and of places that nobody serves opens as many rows."""
    state = "state in ('open', 'acknowledged', 'assigned')"
    counted = {
        "open": state,
        "critical": f"{state} and severity = 'critical'",
        "touching": f"{state} and orders_touched > 0",
    }
    with at_desk(demo_run.data / "serving") as desk:
        page = shown(quality, desk)
        for door, where in counted.items():
            expected = ask(f"select count(*) from marts.rpt_quality_findings where {where}")
            assert page.rows(door) == expected > 0, door
        assert sum(page.rows(door) for door in page.doors.behind if door.startswith("owner/")) == ask(
            f"select count(*) from marts.rpt_quality_findings where {state}"
        )
        page = shown(resources, desk)
        gaps = ask("select count(*) from marts.rpt_resource_coverage where is_gap")
        assert page.rows("gaps") == page.rows("places") == gaps > 0
        assert sum(page.rows(door) for door in page.doors.behind if door.startswith("need/")) == gaps
        last = "load_date = (select max(load_date) from marts.rpt_resource_load)"
        assert page.rows("in_force") == ask(f"select count(*) from marts.rpt_resource_load where {last}")


@pytest.mark.parametrize("channel", ["all", "jd"])
def test_a_stage_opens_what_went_through_it(demo_run: DemoRun, channel: str) -> None:
    """Passes if each stage of the cycle, those of refunds too, opens as many rows as its percentiles have."""
    from app.queries import fulfilment as promises

    with at_desk(demo_run.data / "serving", channel=channel) as desk:
        page = shown(fulfilment, desk)
        told = {
            f"stage/{row['stage']}": row["denominator"]
            for row in promises.cycles(desk.version, desk.scope).to_dicts()
            if row["stage"] != promises.WHOLE_WAY and row["denominator"]
        }
        assert len(told) >= 5
        assert {door: page.rows(door) for door in told} == told


def test_figures_that_are_measured_open_what_they_are_measured_from(
    demo_run: DemoRun, monkeypatch: pytest.MonkeyPatch, ask: Callable[..., Any]
) -> None:
    """Passes if bands of customers, warehouses, loads and promises open what they count; each figure of the
    grouping, of the stock's delay and of a run at least its history."""
    monkeypatch.setenv("LUYUE_DATA", str(demo_run.data))
    with at_desk(demo_run.data / "serving") as desk:
        page = shown(customers, desk)
        sizes = [door for door in page.doors.behind if door.startswith("size/")]
        assert sum(page.rows(door) for door in sizes) == page.rows("people")
        assert page.rows("backlog") == ask(
            "select count(distinct identity_version) from marts.rpt_identity_quality"
        )
        page = shown(inventory, desk)
        off = [door for door in page.doors.behind if door.startswith("warehouse/")]
        assert sum(page.rows(door) for door in off) == page.rows("off") == page.rows("agreement_rate_value")
        late = "select sum(over_32s) from marts.rpt_stock_sync_lag where period = 'day' and channel <> 'all'"
        behind = page.doors.behind["stock_sync_over_32s_rate"].rows
        told = listing.everything(desk.version, behind, Wanted())
        assert told["over_32s"].sum() == ask(late) > 0
        page = shown(contracts, desk)
        counted = "from marts.rpt_sla_negotiation where period = 'total' and dimension = '{}'"
        broken = f"select promise_due_count - promise_kept_count {counted.format('all')}"
        assert page.rows("new_promise_kept_rate") == ask(broken)
        refused = f"select sum(denominator - numerator) {counted.format('load_band')}"
        loads = [door for door in page.doors.behind if door.startswith("offer/load_band/")]
        assert sum(page.rows(door) for door in loads) == ask(refused) > 0
        page = shown(operations, desk)
        told = listing.everything(desk.version, page.doors.behind["accepted"].rows, Wanted())
        assert told["rows_accepted"].sum() == sum(
            counts["rows_accepted"] for counts in demo_run.facts["sources"].values()
        )


@pytest.mark.parametrize("name", PAGES)
def test_every_door_opens_and_its_columns_have_names(
    demo_run: DemoRun, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    """Passes if the rows behind each number can be read, and each of their columns has a name: ours, or in a
    rule file that of the file."""
    monkeypatch.setenv("LUYUE_DATA", str(demo_run.data))
    with at_desk(demo_run.data / "serving") as desk:
        for door in shown(PAGES[name], desk).doors.behind.values():
            listing.page(desk.version, door.rows, Wanted(order=door.rows.order))
            rule_file = name == "rules" and door.rows.frame is not None
            unnamed = [c for c in door.rows.columns if LABELS.get(c, f"column.{c}") not in table()]
            assert rule_file or unnamed == [], door.title


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("name", PAGES)
def test_every_page_is_whole_in_both_languages(
    demo_run: DemoRun, monkeypatch: pytest.MonkeyPatch, name: str, lang: str
) -> None:
    """Passes if the page has its name, one number and six figures, and shows no empty value of Python's."""
    monkeypatch.setenv("LUYUE_DATA", str(demo_run.data))
    with at_desk(demo_run.data / "serving", lang=lang) as desk:
        page = shown(PAGES[name], desk)
    assert Labels(lang)(f"page.{name}")
    assert len(page.numbers) == 7
    assert "None" not in page.html
    assert "nan" not in page.numbers
