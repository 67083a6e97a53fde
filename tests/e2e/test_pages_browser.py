"""Every page in a real browser over a whole run: quiet, inside its frame, readable, nothing personal.

Pictures land in artifacts/pages/; with LUYUE_PICTURES set, those of the docs in docs/images/ as well. `make
test` opens each page once, the long test each in both languages and themes at three widths.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from itertools import product
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from support.demo_run import DemoRun
from support.leaks import PHONE, personal_values
from support.overview_visit import SHOWN_WITHIN_MS, Visit, served

from app.labels import LANGUAGES

if TYPE_CHECKING:
    from playwright.sync_api import Browser, ConsoleMessage, Page

pytestmark = [pytest.mark.browser]

ROOT = Path(__file__).resolve().parents[2]
PICTURES = ROOT / "artifacts" / "pages"
DOCS = ROOT / "docs" / "images" if os.environ.get("LUYUE_PICTURES") else None
ROLES = {"operations": "engineer", "customers": "owner", "quality": "owner"}
PAGES = (
    "fulfilment",
    "anomalies",
    "contracts",
    "inventory",
    "customers",
    "quality",
    "resources",
    "rules",
    "operations",
)
WIDTHS = {390: 844, 1440: 900, 3840: 2160}
LOCALES = {"zh": "zh-CN", "en": "en-GB"}
SERIOUS = ("serious", "critical")
TALLEST = 6000
"""Pixels of a picture of a whole page at most."""
CUT = """() => [...document.querySelectorAll('.ly-press *')].filter(e => {
  const style = getComputedStyle(e);
  const hidden = style.overflowX === 'hidden' || style.textOverflow === 'ellipsis';
  return hidden && e.scrollWidth > e.clientWidth + 1;
}).map(e => e.textContent)"""
OVERLAP = """() => [...document.querySelectorAll('.ly-press .ly-row')].filter(row => {
  const boxes = [...row.children].map(e => e.getBoundingClientRect());
  return boxes.some((box, i) => i && box.left < boxes[i - 1].right - 1);
}).map(row => row.textContent)"""
WIDER = "m => [m.scrollWidth > m.clientWidth + 1, m.scrollHeight]"
QUICK = [
    (page, *shape)
    for page, shape in zip(
        PAGES,
        [("zh", "light", 1440), ("en", "dark", 390), ("en", "light", 1440), ("zh", "dark", 390)] * 3,
        strict=False,
    )
]


@pytest.fixture(scope="module")
def url(demo_run: DemoRun, browser: Browser) -> Iterator[str]:
    """A dashboard over the shared run."""
    with served(demo_run.data) as address:
        yield address


def _open(browser: Browser, url: str, name: str, lang: str, theme: str, width: int) -> Visit:
    context = browser.new_context(
        viewport={"width": width, "height": WIDTHS[width]},
        locale=LOCALES[lang],
        color_scheme="dark" if theme == "dark" else "light",
    )
    page = context.new_page()
    seen = Visit(page, url)
    page.on("request", seen.seen)
    page.on("console", lambda m: seen.complaints.append(m.text) if _is_complaint(m) else None)
    page.on("pageerror", lambda error: seen.complaints.append(str(error)))
    role = f"?role={ROLES[name]}" if name in ROLES else ""
    page.goto(f"{url}/{name}{role}")
    page.wait_for_selector(".ly-room .ly-card", timeout=SHOWN_WITHIN_MS)
    seen.settle()
    return seen


def _is_complaint(message: ConsoleMessage) -> bool:
    """An error of the page's own. Streamlit first asks for its health below the address of a page that is
    opened directly, is told 404, and then asks at the root."""
    where = message.location.get("url", "")
    return message.type == "error" and not (where.count("/") > 4 and "/_stcore/" in where)


def _picture(page: Page, name: str, width: int) -> None:
    """The whole page, not only what the screen shows."""
    height = page.locator("[data-testid=stMain]").evaluate("m => m.scrollHeight")
    page.set_viewport_size({"width": width, "height": min(height + 8, TALLEST)})
    PICTURES.mkdir(parents=True, exist_ok=True)
    page.screenshot(path=PICTURES / f"{name}.png")


def _assert_fits(page: Page) -> None:
    """Nothing runs off sideways, no text is cut, and no name lies under its track."""
    sideways, _ = page.locator("[data-testid=stMain]").evaluate(WIDER)
    assert not sideways
    assert page.evaluate(CUT) == []
    assert page.evaluate(OVERLAP) == []


def _assert_accessible(page: Page) -> None:
    """axe-core finds nothing serious on the whole page, what is Streamlit's too."""
    from axe_playwright_python.sync_playwright import Axe

    found = Axe().run(page, context="body").response["violations"]
    told = [f"{each['id']}: {each['nodes'][0]['html'][:160]}" for each in found if each["impact"] in SERIOUS]
    assert told == []


@pytest.mark.parametrize(("name", "lang", "theme", "width"), QUICK)
def test_a_page_is_quiet_fits_and_can_be_heard(
    browser: Browser, url: str, name: str, lang: str, theme: str, width: int
) -> None:
    """Passes if the console is clean, nothing is asked outside, all fits, and axe-core finds nothing."""
    seen = _open(browser, url, name, lang, theme, width)
    _assert_fits(seen.page)
    _assert_accessible(seen.page)
    chinese = re.search("[一-龥]{4}", seen.page.inner_text(".ly-question"))
    assert bool(chinese) is (lang == "zh")
    _picture(seen.page, f"{name}-{width}-{lang}-{theme}", width)
    seen.assert_clean()
    seen.page.context.close()


def test_a_number_opens_its_rows_by_mouse_and_by_key(browser: Browser, url: str) -> None:
    """Passes if the page's number opens a table by a click, and a box of the event graph by the Enter key."""
    seen = _open(browser, url, "fulfilment", "zh", "light", 1440)
    seen.page.get_by_test_id("answer").click()
    dialog = seen.page.get_by_role("dialog")
    dialog.locator(".ly-table").wait_for(timeout=SHOWN_WITHIN_MS)
    assert "没按时做到的订单" in dialog.inner_text()
    seen.settle()
    _assert_accessible(seen.page)
    seen.page.screenshot(path=PICTURES / "rows-1440-zh-light.png")
    seen.assert_clean()
    seen.page.context.close()
    seen = _open(browser, url, "anomalies", "en", "light", 1440)
    box = seen.page.locator('.ly-node[data-open="event/order_shipped"]')
    box.focus()
    seen.page.keyboard.press("Enter")
    seen.page.get_by_role("dialog").locator(".ly-table").wait_for(timeout=SHOWN_WITHIN_MS)
    assert "Shipped" in seen.page.get_by_role("dialog").inner_text()
    seen.assert_clean()
    seen.page.context.close()


@pytest.mark.long
@pytest.mark.parametrize("lang", LANGUAGES)
def test_the_overview_over_a_whole_run(browser: Browser, url: str, lang: str) -> None:
    """Passes if it shows an index and three actions, quietly; its picture is that of the docs."""
    context = browser.new_context(viewport={"width": 1440, "height": 900}, locale=LOCALES[lang])
    page = context.new_page()
    seen = Visit(page, url)
    page.on("request", seen.seen)
    page.on("console", seen.heard)
    page.goto(url)
    page.wait_for_selector("[data-testid=index]", timeout=SHOWN_WITHIN_MS)
    seen.settle()
    assert page.locator(".ly-todo").count() == 3
    PICTURES.mkdir(parents=True, exist_ok=True)
    page.screenshot(path=PICTURES / f"overview-1440-{lang}-light.png")
    if DOCS:
        page.screenshot(path=DOCS / f"overview{'' if lang == 'en' else '.zh'}.png")
    seen.assert_clean()
    context.close()


@pytest.mark.long
@pytest.mark.parametrize(("name", "lang", "theme"), list(product(PAGES, LANGUAGES, ("light", "dark"))))
def test_every_page_in_every_language_theme_and_width(
    browser: Browser, url: str, demo_run: DemoRun, name: str, lang: str, theme: str
) -> None:
    """Passes if at each width all fits, and no text of the page is a person's."""
    known = personal_values(demo_run.data)
    seen = _open(browser, url, name, lang, theme, 1440)
    text = seen.page.inner_text("body")
    assert not PHONE.search(text)
    assert [value for kind in ("phone", "name", "address") for value in known[kind] if value in text] == []
    for width, height in WIDTHS.items():
        seen.page.set_viewport_size({"width": width, "height": height})
        seen.page.wait_for_timeout(150)
        _assert_fits(seen.page)
        _picture(seen.page, f"{name}-{width}-{lang}-{theme}", width)
    if DOCS and theme == "light":
        suffix = "" if lang == "en" else ".zh"
        (DOCS / f"{name}{suffix}.png").write_bytes((PICTURES / f"{name}-1440-{lang}-light.png").read_bytes())
    _assert_accessible(seen.page)
    seen.assert_clean()
    seen.page.context.close()
