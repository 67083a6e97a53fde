"""Every role and restriction over every mart: nothing that a person may not see comes out, whatever is
asked."""

from __future__ import annotations

import time
from datetime import datetime
from pathlib import Path

import polars as pl
import pytest
from support import app_marts, app_serving

from app import published, rows
from app.access import guard, signed_in
from app.access.policy import NoPermissionError, Policy, acting_as, current, select
from app.access.roles import HIDE, MASK, all_roles, class_of, row_rules
from app.queries import engine, listing, order, reader
from app.queries.behind import frame_door
from app.queries.listing import Rows, Wanted

AS_OF = datetime(2026, 1, 31, 7, 40)
ORDERS = Rows("select * from marts.fct_orders", ("channel", "channel_order_id", "paid_at"), "paid_at")
RESTRICTED = (
    Policy("auditor", channels=("jd",)),
    Policy("auditor", warehouses=("WH-HD-01",)),
    Policy("auditor", channels=("jd", "douyin"), warehouses=("WH-HN-02",)),
    Policy("auditor", channels=()),
)


@pytest.fixture(scope="module")
def version(tmp_path_factory: pytest.TempPathFactory) -> published.Version:
    """A version in which every mart has a row for each of two channels and warehouses, with all texts
    filled."""
    import duckdb

    data = tmp_path_factory.mktemp("policy")
    path = app_serving.write(data, AS_OF)
    with duckdb.connect(path) as con:
        for table, columns in app_marts.contracts().items():
            for channel, warehouse in (("jd", "WH-HD-01"), ("taobao", "WH-HN-02")):
                values = {name: f"'{name} {channel}'" for name, kind in columns.items() if kind == "varchar"}
                values |= {"channel": f"'{channel}'", "warehouse_code": f"'{warehouse}'"}
                values |= {"channel_order_id": f"'A1 {channel}'", "contract_id": f"'C {channel}'"}
                given = {name: values[name] for name in columns if name in values}
                if given:
                    listed = ", ".join(f"{value} as {name}" for name, value in given.items())
                    con.execute(f"insert into marts.{table} by name select {listed}")
    return published.current(data / "serving")


@pytest.mark.parametrize("role", list(all_roles()))
def test_hidden_columns_are_empty_and_masked_keys_are_not_the_keys(
    version: published.Version, role: str
) -> None:
    """Passes for every mart if a hidden column is null and a masked one differs from each key it stands
    for."""
    opened = engine.of(version)
    for table, columns in opened.tables.items():
        shown = opened.rows(f"select * from marts.{table}", {}, Policy(role))
        whole = opened.rows(f"select * from marts.{table}", {}, Policy("auditor"))
        assert shown.height == whole.height, table
        for name in columns:
            treatment = all_roles()[role].treatment(f"{table}.{name}")
            if treatment == HIDE:
                assert shown[name].null_count() == shown.height, (table, name)
            elif treatment == MASK:
                assert not set(shown[name].drop_nulls()) & set(whole[name].drop_nulls()), (table, name)
                assert shown[name].n_unique() == whole[name].n_unique(), (table, name)


@pytest.mark.parametrize("policy", RESTRICTED, ids=str)
def test_no_mart_shows_a_row_of_another_channel_or_warehouse(
    version: published.Version, policy: Policy
) -> None:
    """Passes for every mart if what stands there is this person's, or stands in the list of what is open."""
    opened, rules = engine.of(version), row_rules()
    orders = opened.rows("select channel, channel_order_id, warehouse_code from marts.fct_orders", {}, policy)
    mine = set(orders.select("channel", "channel_order_id").iter_rows())
    for table, columns in opened.tables.items():
        shown = opened.rows(f"select * from marts.{table}", {}, policy)
        if table in rules["open"] or shown.is_empty():
            continue
        if policy.channels is not None and "channel" in columns and table not in rules["via"]:
            assert set(shown["channel"]) <= set(policy.channels), table
        if policy.warehouses is not None and "warehouse_code" in columns:
            assert set(shown["warehouse_code"]) <= set(policy.warehouses), table
        elif policy.warehouses is not None and {"channel", "channel_order_id"} <= set(columns):
            assert set(shown.select("channel", "channel_order_id").iter_rows()) <= mine, table
        if "dimension" in columns:
            assert set(shown["dimension"]) <= {"channel", "warehouse"}, table


def test_a_mart_that_no_rule_speaks_of_shows_nothing_to_a_restricted_person(
    version: published.Version,
) -> None:
    """Passes if a new mart without channel or warehouse is closed until rows.yml opens it."""
    shown = engine.of(version).rows("select * from marts.rpt_position_lag", {}, RESTRICTED[0])
    assert shown.is_empty()


def test_a_contract_is_seen_through_its_orders(version: published.Version) -> None:
    """Passes if the contract of one's own channel is there and the other's is not."""
    sql = "select contract_id from marts.fct_fulfilment_contracts"
    assert engine.of(version).rows(sql, {}, RESTRICTED[0])["contract_id"].to_list() == ["C jd"]


def test_masked_keys_still_join(version: published.Version) -> None:
    """Passes if an executive's count over two marts is the auditor's."""
    sql = (
        "select count(*) as n from marts.fct_orders as o "
        "inner join marts.fct_change_requests as r using (channel, channel_order_id)"
    )
    counts = [engine.of(version).rows(sql, {}, Policy(role))["n"][0] for role in ("executive", "auditor")]
    assert counts[0] == counts[1] > 0


def test_no_text_of_a_reader_becomes_sql(version: published.Version) -> None:
    """Passes if hostile searches and orders find nothing and break nothing, and `%` means itself."""
    hostile = ["' or 1=1 --", "%", "_", "\\", "'); drop table marts.fct_orders; --", "{}", "\x00"]
    with acting_as(Policy("auditor", channels=("jd",))):
        for text in hostile:
            wanted = Wanted(search=text, order=text)
            assert listing.count(version, ORDERS, wanted) == listing.page(version, ORDERS, wanted).height == 0
        assert listing.count(version, ORDERS, Wanted()) > 0


def test_an_export_is_under_the_same_policy(version: published.Version) -> None:
    """Passes if what is exported holds this person's rows, and keys as this person sees them."""
    with acting_as(Policy("executive", channels=("jd",))):
        told = listing.everything(version, ORDERS, Wanted())
    assert set(told["channel"]) == {"jd"}
    assert told["channel_order_id"].str.contains("…").all()


def test_results_are_never_shared_between_policies(version: published.Version) -> None:
    """Passes if the same question of two people, asked in turn, keeps two answers."""
    sql = "select distinct channel from marts.fct_orders"
    for _ in range(2):
        for policy, wanted in ((Policy("auditor"), 3), (Policy("auditor", channels=("jd",)), 1)):
            with acting_as(policy):
                assert reader.read(version, sql).height == wanted


def test_the_raw_file_cannot_be_named(version: published.Version) -> None:
    """Passes if SQL that guesses at the attached file's name is refused before it runs."""
    with acting_as(Policy("executive")), pytest.raises(guard.ForbiddenSqlError):
        reader.read(version, "select * from raw.marts.fct_orders")


def test_without_anybody_there_is_no_answer(
    version: published.Version, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """Passes if a dashboard that asks for a sign-in gives nothing to a query outside of a session."""
    mapping = tmp_path / "roles.yml"
    mapping.write_text("groups: {}\n")
    monkeypatch.setenv("LUYUE_AUTH", str(tmp_path / "auth.toml"))
    monkeypatch.setenv("LUYUE_ROLES", str(mapping))
    with pytest.raises(NoPermissionError):
        current()
    with pytest.raises(NoPermissionError):
        reader.read(version, "select 1 as n from marts.fct_orders")


def test_every_mask_token_and_free_text_of_the_marts_has_a_class() -> None:
    """Passes if no mask, token, free text or order's number is open by oversight."""
    sensitive = ("_mask", "_token", "extras", "channel_order_id", "waybill_no", "override_reason")
    for table, columns in app_marts.contracts().items():
        for name in columns:
            if name.endswith(sensitive):
                assert class_of(name), (table, name)


def test_a_column_may_be_opened_in_one_mart_alone() -> None:
    """Passes if an executive reads why a rule changed, and not what a buyer gave as a reason."""
    tables = {
        name: {"channel": "varchar", "reason": "varchar"} for name in ("rpt_rule_changes", "fct_aftersales")
    }
    sql = {name: select(Policy("executive"), "raw.marts", name, tables, "salt") for name in tables}
    assert "cast(null as varchar)" not in sql["rpt_rule_changes"]
    assert 'cast(null as varchar) as "reason"' in sql["fct_aftersales"]


@pytest.mark.parametrize("policy", [Policy("engineer", channels=("jd",)), Policy("engineer", warehouses=())])
def test_what_concerns_the_whole_is_not_for_somebody_limited(policy: Policy) -> None:
    """Passes if runs, rollbacks, rules and pairs are closed to whoever sees some rows only, and open else."""
    assert Policy("engineer").may_open("operations")
    assert not policy.may_open("operations")
    assert policy.may_open("fulfilment")
    for role, what in (("engineer", "operate"), ("executive", "rules"), ("owner", "review")):
        assert Policy(role).may(what)
        assert not Policy(role, policy.channels, policy.warehouses).may(what)
        with pytest.raises(NoPermissionError):
            Policy(role, policy.channels, policy.warehouses).demand(what)


def test_requests_are_told_for_visible_orders_only(version: published.Version) -> None:
    """Passes if of requests on two orders a person of one warehouse sees the one that left from it."""
    keys = [("jd", "A1 jd"), ("taobao", "A1 taobao")]
    with acting_as(Policy("customer_service", warehouses=("WH-HD-01",))):
        assert order.visible(version, keys) == {keys[0]}
        assert order.visible(version, []) == set()


def test_rows_that_no_mart_masks_lack_what_the_role_may_not_see(version: published.Version) -> None:
    """Passes if hidden and masked columns of a page's own rows are left out, in table and export alike."""
    frame = pl.DataFrame({"run_id": ["r"], "waybill_no": ["SF1"], "name_mask": ["王*"], "reason": ["why"]})
    told = frame_door("", frame, "run_id").rows
    for role, columns in (("executive", ("run_id",)), ("engineer", ("run_id", "waybill_no", "reason"))):
        with acting_as(Policy(role)):
            assert rows.visible(told).columns == columns
            assert listing.everything(version, rows.visible(told), Wanted()).columns == list(columns)


def test_an_export_is_not_made_once_its_session_has_ended(monkeypatch: pytest.MonkeyPatch) -> None:
    """Passes if what was offered during a session is refused after its end."""
    monkeypatch.setattr(signed_in, "is_local", lambda: False)
    monkeypatch.setattr(signed_in, "_mapping", lambda _: {})
    claims = {"sub": "li", "iat": time.time(), "is_logged_in": True}
    monkeypatch.setattr(signed_in, "_claims", lambda: claims)
    check = signed_in.ticket()
    check()
    signed_in._sessions.end(signed_in._key(claims))
    with pytest.raises(signed_in.SignInNeededError):
        check()


@pytest.mark.parametrize("role", ["auditor", "executive"])
@pytest.mark.parametrize("order", ["paid_at", "-paid_at", "-promise_met_at", "channel", "-channel_order_id"])
def test_pages_one_after_another_are_all_rows_in_their_order(
    version: published.Version, role: str, order: str
) -> None:
    """Passes if the pages of a table, ties and empty cells among them, are the rows of its export."""
    columns = (*ORDERS.columns, "promise_met_at")
    orders = Rows(ORDERS.sql, columns, ORDERS.order)
    with acting_as(Policy(role)):
        whole = listing.everything(version, orders, Wanted(order=order))
        pages = [
            listing.page(version, orders, Wanted(order=order, skip=skip))
            for skip in range(0, whole.height + listing.PAGE_ROWS, listing.PAGE_ROWS)
        ]
    assert pages[-1].is_empty()
    assert whole.height > 2 * listing.PAGE_ROWS
    assert whole["promise_met_at"].null_count() > 0
    assert pl.concat(pages).equals(whole)


def test_an_order_is_found_by_its_masked_number_within_the_policy(version: published.Version) -> None:
    """Passes if a masked number finds the rows that the whole one finds, of one's own orders and marts."""
    sql = """select 'order' as kind from marts.fct_orders
        where ($channel = '' or channel = $channel) and channel_order_id = $order
        union all select 'request' from marts.fct_change_requests where channel_order_id = $order"""
    of_requests = "select channel, channel_order_id from marts.fct_change_requests order by all limit 3"
    found = {}
    for role in ("executive", "auditor"):
        with acting_as(Policy(role)):
            keys = reader.read(version, of_requests).rows()
            found[role] = sorted(
                kind
                for channel, number in keys
                for kind in reader.read_order(version, sql, channel, number)["kind"]
            )
    assert found["executive"] == found["auditor"]
    assert "order" in found["auditor"]
    with acting_as(Policy("executive")):
        own = reader.read(version, "select channel_order_id from marts.fct_orders where channel = 'taobao'")
    with acting_as(Policy("executive", channels=("jd",))):
        assert reader.read_order(version, sql, "", own["channel_order_id"][0]).is_empty()
