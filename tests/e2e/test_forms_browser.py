"""Each form of the dashboard but the owner's, clicked through in a real browser: what lands in the data
folder, what the page shows next, and what is refused.

Over a copy of the shared run; each test writes to a part of the inbox of its own.
"""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from support.command import luyue
from support.demo_run import DemoRun
from support.forms import alert, asked, kept, opened, press, put
from support.marts import published_file
from support.overview_visit import served

from dagster_project import settings, stewarding

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

pytestmark = [pytest.mark.browser, pytest.mark.timeout(600)]

Open = Callable[[str], AbstractContextManager["Page"]]
OLDER = "serve_20200101T000000-000000.duckdb"
TRIED_WITHIN_MS = 300_000
"""A trial builds what hangs on the rule."""
RULE = "channel,promised_ship_hours,valid_from,valid_to\n*,%s,2000-01-01,9999-12-31\n"


@pytest.fixture(scope="module")
def data(demo_run: DemoRun, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of the run with an older version beside the one in force."""
    folder = demo_run.copy(tmp_path_factory.mktemp("forms"))
    now = published_file(folder)
    for other in folder.glob("serving/serve_*.duckdb"):
        if other != now:
            other.unlink()
    shutil.copy(now, folder / "serving" / OLDER)
    return folder


@pytest.fixture(scope="module")
def url(data: Path, browser: Browser) -> Iterator[str]:
    with served(data) as address:
        yield address


@pytest.fixture
def visit(browser: Browser, url: str) -> Open:
    return partial(opened, browser, url)


def test_a_pair_is_judged_blindly_and_its_answer_kept(visit: Open, data: Path) -> None:
    """Passes if no score or rule is shown, an answer needs a reason, and then stands in the inbox."""
    with visit("customers?role=owner") as page:
        press(page, "看下一对")
        pair = page.locator(".ly-table").filter(has_text="是否一致")
        pair.wait_for()
        told = pair.inner_text()
        assert "%" not in told
        assert "****" in told or "*" in told
        press(page, "保存判断")
        alert(page, "选一个答案，并写明理由")
        assert kept(data, "identity_overrides") == []
        page.get_by_role("radiogroup").get_by_text("不同人").click()
        page.get_by_label("理由（会留底）").fill("两家人，电话是转卖的")
        press(page, "保存判断")
        page.get_by_text("已保存：下一次运行会分开").wait_for()
        page.get_by_role("button", name="看下一对").wait_for()
    (entry,) = kept(data, "identity_overrides")
    assert (entry["kind"], entry["why"]) == ("cannot_link", "两家人，电话是转卖的")


def test_a_case_that_was_settled_meanwhile_is_refused(visit: Open, data: Path) -> None:
    """Passes if an answer to a pair that somebody else has judged since is refused in words."""
    with visit("customers?role=owner") as page:
        press(page, "看下一对")
        page.locator(".ly-table").filter(has_text="是否一致").wait_for()
        case = stewarding.next_case(settings.load(data=data, env={}))["case_id"]
        done = luyue(
            "identity", "review", "decide", case, "unsure", "--why", "later", "--data", data, cwd=data
        )
        assert done.code == 0, done.err
        page.get_by_role("radiogroup").get_by_text("同一人", exact=True).click()
        page.get_by_label("理由（会留底）").fill("同名同址")
        press(page, "保存判断")
        alert(page, "这一对已经有人判断过")


def test_two_records_are_explained_and_an_id_has_its_history(visit: Open, data: Path) -> None:
    """Passes if a chain of links is shown, an id's life too, and what there is not is said."""
    ((customer,),) = asked(
        data, "select customer_id from marts.dim_customers order by record_count desc limit 1"
    )
    pair = asked(
        data,
        "select source || '/' || source_record_id from marts.bridge_customer_records"
        f" where customer_id = '{customer}' order by all limit 2",
    )
    with visit("customers?role=auditor") as page:
        page.get_by_text("判断由主数据负责人做").wait_for()
        page.get_by_role("tab", name="为什么是同一人").click()
        page.get_by_label("记录一").fill(pair[0][0])
        page.get_by_label("记录二").fill(pair[1][0])
        press(page, "解释")
        page.get_by_text("是同一位客户。").wait_for()
        chain = page.locator(".ly-table").filter(has_text="概率").last
        assert pair[0][0].split("/")[-1] in chain.inner_text()
        page.get_by_label("记录二").fill("luyue_orders/nobody")
        press(page, "解释")
        alert(page, "没有这条记录")
        page.get_by_role("tab", name="编号的来历").click()
        page.get_by_label("客户编号").fill(customer)
        press(page, "查来历")
        page.get_by_text(f"现在由 {customer} 代表").wait_for()
        page.get_by_label("客户编号").fill("c-none")
        press(page, "查来历")
        alert(page, "没有这个客户编号")


@pytest.mark.parametrize(
    ("path", "words"),
    [
        ("customers?role=executive", "复核与解释要看得到记录编号的角色"),
        ("quality?role=engineer", "改正和处理由主数据负责人做"),
        ("rules?role=auditor", "试算与批准由订单体验官做"),
        ("operations?role=auditor", "退回版本要数据工程师的角色"),
    ],
)
def test_a_role_that_may_only_look_finds_no_form(visit: Open, path: str, words: str) -> None:
    """Passes if the page says whose work it is, and offers no form."""
    with visit(path) as page:
        page.get_by_text(words).first.wait_for()
        assert page.locator("[data-testid=stForm]").count() == 0
        assert page.locator(".ly-box").count() == 0


def test_a_rule_is_tried_and_what_would_move_stays_on_the_page(visit: Open, data: Path) -> None:
    """Passes if a trial names the KPIs that move and the orders that count otherwise, says why a broken file
    is not tried, and keeps nothing in the data folder; a look at the other tab does not lose it."""
    with visit("rules?role=executive") as page:
        put(page, "default_promises.csv", RULE % "six")
        press(page, "试算")
        page.locator("[data-testid=stAlert]").get_by_text("没有做成").wait_for(timeout=TRIED_WITHIN_MS)
        put(page, "default_promises.csv", RULE % "6")
        press(page, "试算")
        desk = page.locator(".st-key-card_rules")
        desk.get_by_text("单的计数会变").wait_for(timeout=TRIED_WITHIN_MS)
        assert "履约准时率" in desk.locator(".ly-table").inner_text()
        page.get_by_role("tab", name="批准").click()
        press(page, "批准")
        alert(page, "写明自哪天起")
        page.get_by_role("tab", name="试算").click()
        desk.get_by_text("单的计数会变").wait_for()
    assert kept(data, "rules") == []


def test_a_rule_is_refused_then_approved(visit: Open, data: Path) -> None:
    """Passes if a broken file is refused, an approval needs a reason, and the approved rule waits for a
    run."""
    with visit("rules?role=executive") as page:
        put(page, "default_promises.csv", RULE % "six")
        page.get_by_role("tab", name="批准").click()
        press(page, "批准")
        alert(page, "写明自哪天起")
        page.get_by_label("自", exact=True).fill("2026/3/1")
        page.get_by_label("为什么").fill("承诺更快")
        press(page, "批准")
        alert(page, "写明自哪天起")
        page.get_by_label("自", exact=True).fill("2026-03-05")
        page.get_by_label("为什么").fill("承诺更快")
        press(page, "批准")
        alert(page, "没有做成")
        assert kept(data, "rules") == []
        put(page, "default_promises.csv", RULE % "36")
        page.locator("[data-testid=stAlert]").wait_for(state="detached")
        page.get_by_role("tab", name="批准").click()
        page.get_by_label("为什么").fill("承诺更快")
        press(page, "批准")
        alert(page, "已批准，自")
        page.reload()
        page.locator(".ly-room .ly-card").first.wait_for()
        waiting = page.locator(".ly-figure").filter(has_text="等下一次运行").get_by_test_id("figure")
        assert waiting.inner_text() == "1"
        waiting.click()
        page.get_by_role("dialog").get_by_text("承诺更快").wait_for()
    (entry,) = kept(data, "rules")
    assert (entry["reason"], entry["role"]) == ("承诺更快", "executive")


def test_an_address_is_changed_and_only_the_order_system_reads_it(visit: Open, data: Path) -> None:
    """Passes if the form wants an address and a reason, and what is sealed opens with the demo's own key."""
    from joserfc import jwe
    from joserfc.jwk import import_key

    ((channel, order),) = asked(
        data, "select channel, channel_order_id from marts.fct_orders order by all limit 1"
    )
    with visit(f"order?role=customer_service&of={channel}&order={order}") as page:
        press(page, "改地址")
        dialog = page.get_by_role("dialog")
        dialog.get_by_text("封给演示的订单系统").wait_for()
        dialog.get_by_label("原因").fill("客户搬家")
        press(page, "提交")
        dialog.get_by_text("请填详细地址").wait_for()
        assert not list((data / "outbox").rglob("*.jwe"))
        dialog.get_by_label("详细地址（必填）").fill("人民路 1 号 2 幢 301")
        press(page, "提交")
        dialog.get_by_text("已提交，编号").wait_for()
        page.keyboard.press("Escape")
        press(page, "冻结退款")
        page.get_by_role("dialog").get_by_label("原因").fill("等核实")
        press(page, "提交")
        page.get_by_role("dialog").get_by_text("已提交，编号").wait_for()
    lines = (data / "outbox" / "interventions").glob("*.jsonl")
    made = [json.loads(line) for path in lines for line in path.read_text(encoding="utf-8").splitlines()]
    assert [one["action"] for one in made] == ["change_address", "freeze_refund"]
    assert all("人民路" not in str(one) for one in made)
    key = import_key(json.loads((data / "oms" / "private.jwk").read_text(encoding="utf-8")))
    sealed = (data / "outbox" / "interventions" / made[0]["sealed"]).read_text(encoding="utf-8").strip()
    opened = json.loads(jwe.decrypt_compact(sealed, key).plaintext)
    assert (opened["address"], opened["channel_order_id"]) == ("人民路 1 号 2 幢 301", order)


def test_a_version_is_rolled_back_with_a_reason(visit: Open, data: Path) -> None:
    """Passes if a rollback needs a reason, moves the pointer, is kept, and the page offers the version."""
    pointer = data / "serving" / "CURRENT"
    before = pointer.read_text(encoding="utf-8")
    try:
        with visit("operations?role=engineer") as page:
            press(page, "退回这一版")
            alert(page, "请写明原因")
            assert pointer.read_text(encoding="utf-8") == before
            page.get_by_label("原因（会留底）").fill("昨天的对账不对")
            press(page, "退回这一版")
            alert(page, f"已退回到 {OLDER}")
            page.reload()
            page.locator(".ly-card").first.get_by_text(f"在用 {OLDER}").wait_for()
    finally:
        pointer.write_text(before, encoding="utf-8")
    (entry,) = kept(data, "rollbacks")
    assert (entry["to"], entry["reason"]) == (OLDER, "昨天的对账不对")
