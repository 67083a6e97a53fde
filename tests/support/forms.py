"""A form of the dashboard in a browser: opening its page, pressing, reading what was kept."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

from support.marts import published_file
from support.overview_visit import SHOWN_WITHIN_MS, Visit

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page


@contextmanager
def opened(browser: Browser, url: str, path: str) -> Iterator[Page]:
    """Opens a page, and sees that its console stays clean and nothing is asked outside."""
    context = browser.new_context(locale="zh-CN", viewport={"width": 1440, "height": 1000})
    page = context.new_page()
    page.set_default_timeout(SHOWN_WITHIN_MS)
    seen = Visit(page, url)
    page.on("request", seen.seen)
    page.on("console", seen.heard)
    page.goto(f"{url}/{path}")
    page.wait_for_selector(".ly-room .ly-card, .ly-facts")
    seen.settle()
    yield page
    seen.assert_clean()
    context.close()


def kept(data: Path, kind: str) -> list[dict[str, Any]]:
    """The entries of one part of the inbox, the oldest first."""
    lines = [
        line
        for path in sorted((data / "inbox" / kind).glob("*.jsonl"))
        for line in path.read_text(encoding="utf-8").splitlines()
    ]
    return [json.loads(line) for line in lines]


def asked(data: Path, sql: str) -> list[tuple[Any, ...]]:
    """Rows of the published file, past the app."""
    import duckdb

    with duckdb.connect(published_file(data), read_only=True) as con:
        return con.execute(sql).fetchall()


def alert(page: Page, words: str) -> None:
    """Waits until the page says so."""
    page.locator("[data-testid=stAlert]").get_by_text(words).first.wait_for()


def press(page: Page, name: str) -> None:
    """Presses the one button of this name."""
    page.get_by_role("button", name=name, exact=True).click()


def put(page: Page, file: str, text: str) -> None:
    """Puts a CSV file into the page's upload."""
    page.locator("input[type=file]").set_input_files(
        {"name": file, "mimeType": "text/csv", "buffer": text.encode()}
    )
