"""The overview in a real browser: what it asks of the network, whether it fits, whether its number is true.

Each picture lands in artifacts/overview/. Skipped, with the reason, where there is no Chromium.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from datetime import datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

import pytest
from support import app_serving
from support.overview_visit import SHOWN_WITHIN_MS, Visit, served

from app.queries.index import PARTS

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

pytestmark = [pytest.mark.browser]

SIZES = {1440: {"width": 1440, "height": 900}, 390: {"width": 390, "height": 844}}
LOCALES = {"zh": "zh-CN", "en": "en-GB"}
NOW = datetime.now(ZoneInfo("Asia/Shanghai")).replace(tzinfo=None, minute=0, second=0, microsecond=0)

Open = Callable[..., AbstractContextManager[Visit]]


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """One data folder with a version for each state: full, lacking a part, old, empty, damaged."""
    folder = tmp_path_factory.mktemp("dashboard")
    app_serving.write(folder, NOW, name="full")
    app_serving.write(
        folder,
        NOW,
        name="part",
        missing=("sla_acceptance_rate",),
        stale_feeds=("anomaly_cases",),
        absent_feeds=("sla_offers",),
    )
    app_serving.write(folder, NOW - timedelta(days=6), name="old", published_at=NOW - timedelta(days=5))
    app_serving.write(folder, NOW, name="empty", days=0, anomalies=0)
    (folder / "serving" / "damaged").write_bytes(b"not a database" * 1000)
    return folder


@pytest.fixture(scope="module")
def url(data: Path, browser: Browser) -> Iterator[str]:
    """The address of a dashboard that runs over the data folder through all tests."""
    with served(data) as address:
        yield address


@pytest.fixture
def visit(browser: Browser, data: Path, url: str) -> Open:
    """Opens the page over one state, in one language, theme and width."""

    @contextmanager
    def opened(
        state: str, lang: str = "zh", theme: str = "light", width: int = 1440, query: str = ""
    ) -> Iterator[Visit]:
        pointer = data / "serving" / "CURRENT"
        if state == "none":
            pointer.unlink(missing_ok=True)
        else:
            pointer.write_text(f"{state}\n", encoding="utf-8")
        context = browser.new_context(
            viewport=SIZES[width], locale=LOCALES[lang], color_scheme="dark" if theme == "dark" else "light"
        )
        page = context.new_page()
        seen = Visit(page, url)
        page.on("request", seen.seen)
        page.on("console", seen.heard)
        page.on("pageerror", lambda error: seen.complaints.append(str(error)))
        page.goto(f"{url}/?{query}")
        page.wait_for_selector("[data-testid=index], .ly-gone", timeout=SHOWN_WITHIN_MS)
        seen.settle()
        yield seen
        context.close()

    return opened


def _scrolls(page: Page) -> list[bool]:
    """Whether the page scrolls down, and sideways."""
    return page.evaluate(
        "(m => [m.scrollHeight > m.clientHeight, m.scrollWidth > m.clientWidth])"
        "(document.querySelector('[data-testid=stMain]'))"
    )


def _rate(data: Path, kpi: str, kind: str, channel: str = "all") -> float:
    """The value of the latest complete period, asked of the file itself."""
    import duckdb

    with duckdb.connect(data / "serving" / "full", read_only=True) as con:
        row = con.execute(
            "select value from marts.rpt_experience_index where kpi = ? and period = ? and channel = ?"
            " and period_start < date_trunc(?, ?::timestamp) order by period_start desc limit 1",
            [kpi, kind, channel, kind, NOW],
        ).fetchone()
    assert row is not None
    return float(row[0])


@pytest.mark.parametrize(
    ("lang", "theme"), [("zh", "light"), ("en", "dark"), ("zh", "dark"), ("en", "light")]
)
def test_the_overview_fits_a_desk_and_tells_the_truth(visit: Open, data: Path, lang: str, theme: str) -> None:
    """Passes if 1440 × 900 needs no scrolling, the numbers are the file's, and nothing is asked outside."""
    with visit("full", lang, theme) as seen:
        page = seen.page
        assert page.inner_text("[data-testid=index]") == f"{_rate(data, 'experience_index', 'week'):.1f}"
        for kpi in PARTS:
            shown = page.inner_text(f"[data-kpi={kpi}] [data-testid=rate]")
            assert shown == f"{_rate(data, kpi, 'week') * 100:.1f}%"
        assert page.locator(".ly-todo").count() == 3
        assert page.locator("[data-testid=stEChartsChart]").count() == 2
        assert ("体验健康度" in page.inner_text("body")) is (lang == "zh")
        assert _scrolls(page) == [False, False]
        seen.keep(f"overview-1440-{lang}-{theme}")
        seen.assert_clean()


@pytest.mark.parametrize(("lang", "theme"), [("zh", "light"), ("en", "dark")])
def test_a_phone_shows_number_sentence_parts_and_actions(visit: Open, lang: str, theme: str) -> None:
    """Passes if nothing runs off sideways, the charts stay away, and the parts stand one under the other."""
    with visit("full", lang, theme, 390) as seen:
        page = seen.page
        assert _scrolls(page)[1] is False
        assert page.locator("[data-testid=sentence]").is_visible()
        assert not page.locator("[data-testid=stEChartsChart]").first.is_visible()
        tops = [page.locator(f"[data-kpi={kpi}]").bounding_box()["y"] for kpi in PARTS]
        assert tops == sorted(set(tops))
        assert page.locator(".ly-todo").last.is_visible()
        page.set_viewport_size({"width": 390, "height": 1400})
        seen.keep(f"overview-390-{lang}-{theme}")
        seen.assert_clean()


@pytest.mark.parametrize(
    ("state", "lang", "theme", "words"),
    [
        ("part", "zh", "light", "缺 SLA 协商接受率 的数据"),
        ("old", "en", "light", "last renewed 5 days ago"),
        ("empty", "zh", "dark", "还没有一个周期有数据"),
        ("none", "zh", "light", "还没有发布过一版数据"),
        ("damaged", "en", "dark", "damaged or unfinished"),
    ],
)
def test_every_state_is_designed_and_fits(visit: Open, state: str, lang: str, theme: str, words: str) -> None:
    """Passes if a missing part, an old page, an empty, absent or damaged file each say what to do."""
    with visit(state, lang, theme) as seen:
        assert words in seen.page.inner_text("body")
        assert _scrolls(seen.page) == [False, False]
        seen.keep(f"state-{state}-{lang}-{theme}")
        seen.assert_clean()


def test_a_click_on_a_part_opens_its_rows_and_a_pick_stands_in_the_url(visit: Open, data: Path) -> None:
    """Passes if the card is a button all over, and a channel that was picked survives a reload."""
    with visit("full") as seen:
        page = seen.page
        page.get_by_role("button", name="履约准时率：看明细").click()
        dialog = page.get_by_role("dialog")
        dialog.locator(".ly-table").last.wait_for(timeout=SHOWN_WITHIN_MS)
        assert "没做到的订单" in dialog.inner_text()
        seen.settle()
        seen.keep("dialog-1440-zh-light")
        page.keyboard.press("Escape")
        dialog.wait_for(state="hidden")
        page.get_by_role("combobox").nth(2).click()
        page.get_by_role("option", name="京东").click()
        wanted = f"{_rate(data, 'experience_index', 'week', 'jd'):.1f}"
        page.get_by_test_id("index").get_by_text(wanted).wait_for(timeout=SHOWN_WITHIN_MS)
        assert "channel=jd" in page.url
        page.reload()
        page.get_by_test_id("index").get_by_text(wanted).wait_for(timeout=SHOWN_WITHIN_MS)
        page.get_by_text("EN", exact=True).click()
        page.get_by_text("Experience index").first.wait_for(timeout=SHOWN_WITHIN_MS)
        assert "lang=en" in page.url
        seen.assert_clean()


def test_nothing_of_streamlit_shows(visit: Open) -> None:
    """Passes if there is no menu, deploy button or toolbar, and the page has a name and an icon of ours."""
    with visit("full") as seen:
        page = seen.page
        assert page.title() == "Luyue 履约"
        assert not page.get_by_test_id("stToolbar").is_visible()
        assert page.get_by_test_id("stAppDeployButton").count() == 0
        icon = page.locator("link[rel*=icon]").first.get_attribute("href") or ""
        assert icon.startswith(("data:image/svg+xml", seen.url, "/media"))
