"""The service desk in a real browser: search, sort, page, export, open an order, ask once, see it asked.

Each picture lands in artifacts/overview/.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

import polars as pl
import pytest
from support import app_serving
from support.overview_visit import SHOWN_WITHIN_MS, Visit, served

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

pytestmark = [pytest.mark.browser]

NOW = datetime.now(ZoneInfo("Asia/Shanghai")).replace(tzinfo=None, minute=0, second=0, microsecond=0)
ORDER = "D6920000007919"


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("desk")
    app_serving.write(folder, NOW)
    return folder


@pytest.fixture(scope="module")
def url(data: Path, browser: Browser) -> Iterator[str]:
    with served(data) as address:
        yield address


@pytest.fixture
def seen(browser: Browser, url: str) -> Iterator[Visit]:
    context = browser.new_context(locale="zh-CN", viewport={"width": 1440, "height": 900})
    page = context.new_page()
    page.set_default_timeout(SHOWN_WITHIN_MS)
    made = Visit(page, url)
    page.on("request", made.seen)
    page.on("console", made.heard)
    page.on("pageerror", lambda error: made.complaints.append(str(error)))
    yield made
    context.close()


def _open(seen: Visit, path: str) -> Page:
    seen.page.goto(f"{seen.url}/{path}")
    seen.page.wait_for_selector("h1.ly-heard", state="attached")
    seen.settle()
    return seen.page


def _total(page: Page, words: str) -> None:
    page.locator("[data-testid=rows-total]").get_by_text(words, exact=True).wait_for()


def _open_anomalies(data: Path, where: str = "true") -> int:
    """How many there are, asked of the file itself."""
    import duckdb

    with duckdb.connect(data / "serving" / "serve_r1.duckdb", read_only=True) as con:
        row = con.execute(
            f"select count(*) from marts.fct_anomalies where resolved_at is null and {where}"
        ).fetchone()
    assert row is not None
    return int(row[0])


def _most(data: Path) -> float:
    """The dearest of them."""
    import duckdb

    with duckdb.connect(data / "serving" / "serve_r1.duckdb", read_only=True) as con:
        asked = "select max(paid_amount_cny) from marts.fct_anomalies where resolved_at is null"
        row = con.execute(asked).fetchone()
    assert row is not None
    return float(row[0])


def test_a_search_stands_in_the_url_and_an_export_holds_what_it_found(
    seen: Visit, data: Path, tmp_path: Path
) -> None:
    """Passes if a search by a code's words counts right, a reload keeps it, and the CSV has those rows."""
    stalled = _open_anomalies(data, "event_code = 'transit_stalled'")
    page = _open(seen, "service?role=customer_service")
    _total(page, f"共 {_open_anomalies(data)} 行")
    page.get_by_placeholder("搜索").fill("中转停滞")
    page.keyboard.press("Enter")
    _total(page, f"共 {stalled} 行")
    assert "open_q=" in page.url
    seen.keep("service-1440-zh-light")
    page.reload()
    _total(page, f"共 {stalled} 行")
    page.get_by_role("button", name="导出").click()
    with page.expect_download() as told:
        page.get_by_role("button", name="CSV 文件").click()
    told.value.save_as(tmp_path / "out.csv")
    exported = pl.read_csv(tmp_path / "out.csv", infer_schema=False)
    assert exported.height == stalled > 0
    assert exported["单号"].str.starts_with("D69").all()
    assert exported.columns[:3] == ["渠道", "单号", "异常"]
    seen.assert_clean()


def test_headings_sort_and_pages_turn(seen: Visit, data: Path) -> None:
    """Passes if a heading sorts up and then down, pages are turned, and both stand in the address."""
    page = _open(seen, "service?role=customer_service")
    first = page.locator(".ly-table tbody tr").first
    before = first.inner_text()
    page.get_by_role("button", name="第 2 页").click()
    page.wait_for_function("t => document.querySelector('.ly-table tbody tr').innerText !== t", arg=before)
    assert "open_at=2" in page.url
    for order, sign in (("paid_amount_cny", "ascending"), ("-paid_amount_cny", "descending")):
        page.get_by_role("button", name="按实付（元）排序").click()
        page.locator(f"th[aria-sort={sign}]").get_by_text("实付（元）").wait_for()
        assert f"open_by={order}" in page.url
        assert "open_at" not in page.url
    most = f"{_most(data):,.2f}"
    assert first.locator("td").last.inner_text() == most
    seen.assert_clean()


def test_a_row_opens_its_order_and_an_action_is_sent_once(seen: Visit, data: Path) -> None:
    """Passes if a selected row leads to the timeline, and two clicks on send leave one request."""
    page = _open(seen, "service?role=customer_service&channel=douyin&open_by=-detected_at")
    page.locator(".ly-table tbody tr").first.click()
    page.wait_for_selector(".ly-time")
    assert "order=D69" in page.url
    _open(seen, f"order?role=customer_service&of=douyin&order={ORDER}")
    seen.keep("order-1440-zh-light")
    page.get_by_role("button", name="加急发货").click()
    page.get_by_label("原因").fill("客户明天要用")
    page.get_by_role("button", name="提交").dblclick()
    page.locator(".ly-done").wait_for()
    seen.settle()
    lines = [
        json.loads(line)
        for path in (data / "outbox" / "interventions").glob("*.jsonl")
        for line in path.read_text(encoding="utf-8").splitlines()
    ]
    assert [(line["channel_order_id"], line["action"]) for line in lines] == [(ORDER, "expedite")]
    seen.keep("action-1440-zh-light")
    page.keyboard.press("Escape")
    page.reload()
    page.get_by_text("客户明天要用").wait_for()
    assert page.get_by_role("button", name="加急发货").is_disabled()
    seen.assert_clean()


def test_a_closed_page_says_so_and_fits_a_phone(seen: Visit) -> None:
    """Passes if the executive is told which role has the page, and an order fits 390 px without running
    off."""
    page = _open(seen, "service?role=executive")
    page.wait_for_selector("[data-reason=forbidden_but]")
    seen.keep("forbidden-1440-zh-light")
    page.set_viewport_size({"width": 390, "height": 844})
    _open(seen, f"order?role=customer_service&of=douyin&order={ORDER}&lang=en")
    wide = "(m => m.scrollWidth > m.clientWidth)(document.querySelector('[data-testid=stMain]'))"
    assert page.evaluate(wide) is False
    seen.keep("order-390-en-light")
    seen.assert_clean()


def test_links_take_the_filters_along(seen: Visit) -> None:
    """Passes if the channel and the role go with the reader from page to page, and back again."""
    page = _open(seen, "?role=auditor&channel=jd")
    page.locator(".st-key-links").get_by_role("link", name="客服台").click()
    page.wait_for_url("**/service?**")
    seen.settle()
    assert "channel=jd" in page.url
    assert "role=auditor" in page.url
    assert page.locator(".st-key-pick_channel input").input_value() == "京东"
    page.go_back()
    page.wait_for_selector("[data-testid=index]")
    assert "channel=jd" in page.url
