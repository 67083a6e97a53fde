"""Readers of the dashboard in headless Chromium: opening, changing filter and page, many at once, timed.

A step is over when the page shows what was asked for and its script has ended.
"""

from __future__ import annotations

import asyncio
import random
import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from playwright.async_api import TimeoutError as PlaywrightTimeout

if TYPE_CHECKING:
    from playwright.async_api import Browser, Locator, Page

FLAGS = ["--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-background-networking"]
PATIENCE_MS = 60_000
THINK_SECONDS = 2.0
"""Between two clicks of one reader: ten readers ask five times a second."""
_ENDED = "document.querySelector('[data-testid=stApp]')?.dataset.testScriptState === 'notRunning'"
_BROKEN = "[data-testid=stException], .ly-gone, [data-testid=stConnectionStatus]"
OPENS_MS = 5_000
"""A list that a redraw closed under the click is clicked again after this, as a person does."""
BEGINS_MS = 1_000
"""Within this a page that was asked for begins to be drawn, unless it is drawn already."""
_SHOWN = "[...document.querySelectorAll('[data-testid=rate]')].map(e => e.innerText)"


@dataclass
class Seen:
    """What readers met: seconds by kind of step, errors, pages on which two versions stood."""

    seconds: dict[str, list[float]] = field(default_factory=dict)
    errors: list[str] = field(default_factory=list)
    mixed: list[str] = field(default_factory=list)
    indexes: set[str] = field(default_factory=set)

    def took(self, kind: str, started: float) -> None:
        self.seconds.setdefault(kind, []).append(time.monotonic() - started)


@asynccontextmanager
async def browser(path: str) -> AsyncIterator[Browser]:
    """Headless Chromium, for all readers."""
    from playwright.async_api import async_playwright

    async with async_playwright() as playwright:
        opened = await playwright.chromium.launch(executable_path=path, args=FLAGS)
        yield opened
        await opened.close()


async def reader(opened: Browser, url: str, seen: Seen) -> Page:
    """A reader of their own, with the overview before them; the first KPI is timed as `cold`."""
    context = await opened.new_context(locale="zh-CN", viewport={"width": 1440, "height": 900})
    page = await context.new_page()
    page.set_default_timeout(PATIENCE_MS)
    page.on("pageerror", lambda error: seen.errors.append(str(error)[:200]))
    started = time.monotonic()
    await page.goto(f"{url}/?role=auditor")
    await page.wait_for_selector("[data-testid=index]")
    seen.took("cold", started)
    await page.wait_for_function(_ENDED)
    return page


async def change_filter(page: Page, seen: Seen, chance: random.Random) -> None:
    """Picks another channel."""
    options = page.get_by_role("option")
    await _opened(page, options)
    at = chance.randrange(await options.count())
    before = await page.locator(".st-key-pick_channel input").input_value()
    wanted = await options.nth(at).inner_text()
    url, started = page.url, time.monotonic()
    await options.nth(at).click()
    if wanted != before:
        await page.wait_for_function(f"url => location.href !== url && {_ENDED}", arg=url)
        seen.took("filter", started)


async def _opened(page: Page, options: Locator) -> None:
    """The list of channels, open: at the first click, or at another where the page was drawn anew under it.

    Raises TimeoutError if it stays shut for PATIENCE_MS.
    """
    ends = time.monotonic() + PATIENCE_MS / 1000
    while True:
        await page.wait_for_function(_ENDED)
        await page.locator(".st-key-pick_channel").click()
        with suppress(PlaywrightTimeout):
            await options.first.wait_for(timeout=min(OPENS_MS, PATIENCE_MS))
        if await options.count():
            return
        if time.monotonic() > ends:
            raise TimeoutError("the list of channels does not open")


async def change_page(page: Page, seen: Seen, chance: random.Random) -> None:
    """Follows one of the links to another page."""
    links = page.locator('.st-key-links [class*="st-key-link_"] a')
    at = chance.randrange(await links.count())
    heading = await page.locator("h1.ly-heard").inner_text()
    started = time.monotonic()
    await links.nth(at).click()
    arrived = "(was => { const h = document.querySelector('h1.ly-heard'); "
    arrived += f"return h && h.innerText !== was && {_ENDED}; }})"
    await page.wait_for_function(arrived, arg=heading)
    seen.took("page", started)


async def look(page: Page, seen: Seen) -> None:
    """Notes an error on the page, and an overview whose parts are not of one version (see
    dashboard_world)."""
    if await page.locator(_BROKEN).count():
        seen.errors.append((await page.locator(_BROKEN).first.inner_text())[:200])
    if await page.get_by_test_id("index").count():
        index = await page.get_by_test_id("index").inner_text()
        rates = {rate.rstrip("%") for rate in await page.evaluate(_SHOWN) if rate != "\u2014"}
        seen.indexes.add(index)
        if len(rates) == 1 and index not in ("\u2014", *rates):
            seen.mixed.append(f"{index} beside {rates}")


async def click_on(
    page: Page, url: str, seen: Seen, until: Callable[[], bool], chance: random.Random
) -> None:
    """One reader: filters and pages by turns, and the newer version where it is offered, until told to
    stop."""
    while not until():
        try:
            newer = page.locator(".st-key-newer button")
            if await newer.count():
                await newer.click()
                with suppress(PlaywrightTimeout):
                    await page.wait_for_function(f"!({_ENDED})", timeout=BEGINS_MS)
                await page.wait_for_function(_ENDED)
            if await page.locator(".st-key-pick_channel").count() and chance.random() < 0.5:
                await change_filter(page, seen, chance)
            else:
                await change_page(page, seen, chance)
            await look(page, seen)
        except Exception as error:
            seen.errors.append(f"{type(error).__name__}: {str(error).splitlines()[0][:160]}")
            await page.goto(f"{url}/?role=auditor")
            await page.wait_for_selector("[data-testid=index]")
        await asyncio.sleep(chance.uniform(0.5, 1.5) * THINK_SECONDS)
