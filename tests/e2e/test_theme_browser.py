"""Light, dark or as the device is, and addresses that are no page: in a real browser over a small file.

Each picture lands in artifacts/overview/.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

import pytest
from support import app_serving
from support.overview_visit import SHOWN_WITHIN_MS, Visit, served

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

pytestmark = [pytest.mark.browser]

NOW = datetime.now(ZoneInfo("Asia/Shanghai")).replace(tzinfo=None, minute=0, second=0, microsecond=0)
GROUND = {"light": "rgb(245, 246, 248)", "dark": "rgb(16, 22, 29)"}
CARD = {"light": "rgb(255, 255, 255)", "dark": "rgb(24, 33, 43)"}
COLOUR = "e => getComputedStyle(e).backgroundColor"


@pytest.fixture(scope="module")
def url(tmp_path_factory: pytest.TempPathFactory, browser: Browser) -> Iterator[str]:
    folder = tmp_path_factory.mktemp("theme")
    app_serving.write(folder, NOW)
    with served(folder) as address:
        yield address


def _visit(browser: Browser, url: str, path: str, device: str, locale: str = "zh-CN") -> Visit:
    context = browser.new_context(
        locale=locale,
        viewport={"width": 1440, "height": 900},
        color_scheme="dark" if device == "dark" else "light",
    )
    page = context.new_page()
    page.set_default_timeout(SHOWN_WITHIN_MS)
    seen = Visit(page, url)
    page.on("request", seen.seen)
    page.on("console", seen.heard)
    page.goto(f"{url}/{path}")
    return seen


def _is(page: Page, theme: str) -> None:
    """Waits until Streamlit's ground and our cards both have this theme."""
    page.wait_for_function(
        "([ground, card]) => {"
        " const of = (at) => getComputedStyle(document.querySelector(at)).backgroundColor;"
        " return document.querySelector('.st-key-answer') && of('[data-testid=stApp]') === ground"
        " && of('.st-key-answer') === card; }",
        arg=[GROUND[theme], CARD[theme]],
    )


@pytest.mark.parametrize(("device", "chosen"), [("light", "深色"), ("dark", "浅色")])
def test_a_choice_beats_the_device_and_lasts(browser: Browser, url: str, device: str, chosen: str) -> None:
    """Passes if the choice colours page, charts and dialogs, goes along to other pages and a reload, stands
    in the address, and following the device undoes it."""
    other = {"light": "dark", "dark": "light"}[device]
    seen = _visit(browser, url, "", device)
    page = seen.page
    _is(page, device)
    page.locator(".st-key-pick_theme [data-testid=stSelectbox]").click()
    page.get_by_role("option", name=chosen).click()
    _is(page, other)
    seen.settle()
    assert f"theme={other}" in page.url
    page.get_by_role("button", name="体验健康度：看它由哪几项合成").click()
    dialog = page.get_by_role("dialog")
    dialog.locator(".ly-table").wait_for()
    assert dialog.locator(".ly-scroll").evaluate(COLOUR) == CARD[other]
    seen.keep(f"index-parts-{other}-on-{device}")
    page.keyboard.press("Escape")
    page.locator(".st-key-links").get_by_role("link", name="客户").click()
    page.wait_for_url("**/customers?**")
    assert f"theme={other}" in page.url
    page.goto(f"{url}/?theme={other}")
    _is(page, other)
    seen.settle()
    page.locator(".st-key-pick_theme [data-testid=stSelectbox]").click()
    page.get_by_role("option", name="跟随系统").click()
    _is(page, device)
    assert "theme=light" not in page.url.replace("embed_options=light_theme", "")
    assert "&theme=" not in page.url
    seen.assert_clean()
    page.context.close()


@pytest.mark.parametrize(("locale", "title"), [("zh-CN", "没有这一页"), ("en-GB", "There is no such page")])
@pytest.mark.parametrize("path", ["nosuch", "%3Cimg%20src=x%20onerror=alert(1)%3E"])
def test_an_address_that_is_no_page_says_so(
    browser: Browser, url: str, locale: str, title: str, path: str
) -> None:
    """Passes if the page tells it in the reader's language, Streamlit's own dialog stays away, and a link
    leads on."""
    seen = _visit(browser, url, path, "light", locale)
    page = seen.page
    page.locator("[data-reason=lost]").get_by_text(title).wait_for()
    seen.settle()
    assert page.get_by_role("dialog").count() == 0
    language = "zh-CN" if locale == "zh-CN" else "en"
    page.wait_for_function("language => document.documentElement.lang === language", arg=language)
    if path == "nosuch":
        seen.keep(f"lost-1440-{locale}")
    page.locator(".st-key-links a").first.click()
    page.wait_for_selector("[data-testid=index]")
    assert seen.outside == []
    page.context.close()
