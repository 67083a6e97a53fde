"""The page of what is to be mended, with 10,000 findings, opened from a file in a real browser.

Pictures land in artifacts/to_mend/. Skipped, with the reason, where there is no Chromium.
"""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

import polars as pl
import pytest
from support.stewards_desk import MARTS, lay_out

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

pytestmark = [pytest.mark.browser]

ROWS = 10_000
PICTURES = Path(__file__).resolve().parents[2] / "artifacts" / "to_mend"
MOST_MS_TO_PAINT = 3_000
MOST_MS_TO_FILTER = 400
"""As on a machine that others use too; alone it takes a quarter of that."""
MANY = f"""
    select * replace (
        finding_id || '-' || n as finding_id, record_key || '-' || n as record_key,
        (orders_touched + n) % 997 as orders_touched, kpi_points / (1 + n) as kpi_points)
    from ({MARTS["rpt_quality_findings"]}), range({ROWS // 5}) as numbers (n)
    where finding_id <> 'f5'
"""


@pytest.fixture(scope="module")
def page_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    from dagster_project.lib.report import writing

    folder = tmp_path_factory.mktemp("many")
    settings = lay_out(folder, rpt_quality_findings=MANY)
    writing.write(settings, folder / "out", now=datetime(2026, 2, 1, 8))
    return folder / "out" / "to_mend.html"


def opened(
    browser: Browser, page_file: Path, width: int, scheme: str, language: str
) -> tuple[Page, list[str]]:
    """The page as that reader has it, and every request and complaint but that for the file itself."""
    page = browser.new_page(viewport={"width": width, "height": 900}, color_scheme=scheme)  # type: ignore[arg-type]
    said: list[str] = []
    page.on("request", lambda request: said.append(request.url))
    page.on("console", lambda message: said.append(message.text))
    page.on("pageerror", lambda error: said.append(str(error)))
    url = page_file.as_uri() + ("#en" if language == "en" else "")
    page.goto(url)
    return page, [told for told in said if told != page_file.as_uri()]


def test_ten_thousand_findings_stay_usable(browser: Browser, page_file: Path) -> None:
    page, said = opened(browser, page_file, 1440, "light", "en")
    assert said == []
    painted = "() => performance.getEntriesByName('first-contentful-paint')[0]?.startTime"
    paint = page.wait_for_function(painted).json_value()
    assert paint < MOST_MS_TO_PAINT
    assert page.locator("#shown").inner_text() == "1–50 of 10,000"

    def took(action: str) -> float:
        return float(
            page.evaluate(
                f"() => {{ const from = performance.now(); {action}; return performance.now() - from; }}"
            )
        )

    typed = "search.value = '{}'; search.dispatchEvent(new Event('input'))"
    search = "const search = document.getElementById('search'); "
    assert took(search + typed.format("W2-7")) < MOST_MS_TO_FILTER
    found = pl.read_csv(page_file.with_suffix(".csv")).filter(pl.col("record_key").str.contains("W2-7"))
    assert page.locator("#tool").get_attribute("data-found") == str(found.height)
    assert took(search + typed.format("")) < MOST_MS_TO_FILTER

    orders = (
        "[...document.querySelectorAll('#findings th button')].find(b => b.textContent.startsWith('Orders'))"
    )
    assert took(f"{orders}.click()") < MOST_MS_TO_FILTER
    first = page.locator("#findings tbody tr").first
    assert first.locator("[data-label=Orders]").inner_text() == "996"
    page.locator("#next").click()
    assert page.locator("#shown").inner_text() == "51–100 of 10,000"
    page.locator("#group").select_option("owner")
    page.get_by_role("button", name="logistics").click()
    assert page.locator("#shown").inner_text() == "1–50 of 4,000"
    page.locator("#findings tbody tr button").first.click()
    assert "mend it" in page.locator("tr.opened").inner_text()
    page.close()


@pytest.mark.parametrize("width", [390, 1440])
@pytest.mark.parametrize(("scheme", "language"), [("light", "zh"), ("dark", "en")])
def test_it_fits_and_speaks_one_language(
    browser: Browser, page_file: Path, width: int, scheme: str, language: str
) -> None:
    page, said = opened(browser, page_file, width, scheme, language)
    assert said == []
    PICTURES.mkdir(parents=True, exist_ok=True)
    page.screenshot(path=PICTURES / f"{width}_{scheme}_{language}.png", full_page=width == 1440)
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    shown = page.locator("main").inner_text()
    assert ("待修正" in shown) == (language == "zh")
    assert ("to mend" in shown) == (language == "en")
    page.close()
