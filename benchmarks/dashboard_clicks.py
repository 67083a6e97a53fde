"""Readers of the dashboard in headless Chromium: opening, changing filter and page, opening rows, many at
once, timed.

A step is over when the page shows what was asked for and its script has ended. It begins with the click that
the page took, which is seen by what the page then asks of its server: a click that hit an element while it
was drawn anew is made again, as a person does, and counted.
"""

from __future__ import annotations

import asyncio
import json
import random
import re
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from playwright.async_api import Error as PlaywrightError
from playwright.async_api import TimeoutError as PlaywrightTimeout

if TYPE_CHECKING:
    from playwright.async_api import Browser, ConsoleMessage, Page, WebSocket

FLAGS = ["--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-background-networking"]
PATIENCE_MS = 60_000
"""What takes longer is an error."""
TAKES_MS = 3_000
"""A click that can be made at all is made within this, and the page asks its server for what it wants."""
BEGINS_MS = 1_000
"""Within this the answer to a click begins to be drawn, unless it is drawn already."""
LOOKS_MS = 50
"""Between two looks at a page that is waited for: steps are timed to this."""
THINK_SECONDS = 2.0
"""Between two clicks of one reader: ten readers ask five times a second."""
TAKES_NEWER = 1 / 3
"""How often a reader before a page that is not the newest asks for the newer one first."""
PROBED = re.compile(r"/\w+/_stcore/(health|host-config)$")
"""Where Streamlit looks for its server under a part of a page's path; the browser notes what is not there."""
_RUN_ENDED = "document.querySelector('[data-testid=stApp]')?.dataset.testScriptState === 'notRunning'"
_LINKS = '.st-key-links [class*="st-key-link_"] a'
_DRAWN = "!!document.querySelector('[data-testid=index], .st-key-card_lookup, .ly-press .ly-room')"
_ENDED = f"{_RUN_ENDED} && {_DRAWN} && !!document.querySelector('{_LINKS}')"
"""The script has ended and what it made is there: of the overview, the service desk, any other page, and
the links to the others."""
_FACTS = """() => ({
    broken: [...document.querySelectorAll('[data-testid=stException], .ly-gone')].map(e => e.innerText),
    index: document.querySelector('[data-testid=index]')?.innerText ?? null,
    rates: [...document.querySelectorAll('[data-testid=rate]')].map(e => e.innerText),
})"""
_STANDS = "(document.querySelector('[role=dialog]') ?? document.body).innerText"
_CHANNEL = ".st-key-pick_channel"
_DOORS = ".ly-press button[data-open]:visible"
NO_NUMBERS = ("refusals/", "row/", "by/", "page/")
"""What else can be pressed."""
_ROWS = "[role=dialog] [data-testid=rows-total]"


@dataclass
class Seen:
    """What readers met: seconds by kind of step and by page, errors, pages of two versions, lost clicks."""

    seconds: dict[str, list[float]] = field(default_factory=dict)
    by_place: dict[str, list[float]] = field(default_factory=dict)
    errors: list[str] = field(default_factory=list)
    mixed: list[str] = field(default_factory=list)
    indexes: set[str] = field(default_factory=set)
    lost: int = 0

    def took(self, kind: str, place: str, started: float) -> None:
        """A step ended just now; `place`: the page that it ended on."""
        seconds = time.monotonic() - started
        self.seconds.setdefault(kind, []).append(seconds)
        self.by_place.setdefault(f"{kind} {place}", []).append(seconds)


@asynccontextmanager
async def browser(path: str) -> AsyncIterator[Browser]:
    """Headless Chromium, for all readers."""
    from playwright.async_api import async_playwright

    async with async_playwright() as playwright:
        opened = await playwright.chromium.launch(executable_path=path, args=FLAGS)
        yield opened
        await opened.close()


class Reader:
    """One reader with a browser window of their own, in one role."""

    def __init__(self, page: Page, url: str, role: str) -> None:
        self.page, self.seen = page, Seen()
        self._home = f"{url}/?role={role}"
        self._asked = 0
        self._told = asyncio.Event()
        page.set_default_timeout(PATIENCE_MS)
        page.on("pageerror", lambda error: self.seen.errors.append(str(error)[:200]))
        page.on("console", self._heard)
        page.on("websocket", self._listen)

    @classmethod
    async def arrive(cls, opened: Browser, url: str, seen: Seen, role: str) -> Reader:
        """A reader before the overview; the first KPI is timed as `cold`."""
        context = await opened.new_context(locale="zh-CN", viewport={"width": 1440, "height": 900})
        reader = cls(await context.new_page(), url, role)
        reader.seen = seen
        await reader.come_home()
        return reader

    async def come_home(self) -> None:
        """Opens the overview by its address."""
        started = time.monotonic()
        await self.page.goto(self._home)
        await self.page.wait_for_selector("[data-testid=index]")
        self.seen.took("cold", "overview", started)
        await self._ended()
        await self.look()

    async def change_filter(self, chance: random.Random) -> None:
        """Picks another channel."""
        page, options = self.page, self.page.get_by_role("option")
        before = await page.locator(f"{_CHANNEL} input").input_value()
        wanted = ""

        async def pick() -> None:
            nonlocal wanted
            if not await options.count():
                await page.locator(_CHANNEL).click(timeout=TAKES_MS)
                await options.first.wait_for(timeout=TAKES_MS)
            offered = [text for text in await options.all_inner_texts() if text != before]
            wanted = chance.choice(offered)
            await options.filter(has_text=_whole(wanted)).click(timeout=TAKES_MS)

        await self._ended()
        url = page.url
        started = await self._taken(pick)
        await self._shows(f"url => location.href !== url && {_ENDED}", url)
        self.seen.took("filter", await self._place(), started)

    async def change_page(self, chance: random.Random) -> None:
        """Follows one of the links to another page."""
        await self._ended()
        links = self.page.locator(_LINKS)
        wanted = chance.choice(await links.all_inner_texts()).strip()
        link = links.filter(has_text=_whole(wanted))
        started = await self._taken(lambda: link.click(timeout=TAKES_MS))
        await self._shows(
            f"was => document.querySelector('h1.ly-heard')?.innerText.trim() === was && {_ENDED}", wanted
        )
        self.seen.took("page", await self._place(), started)

    async def open_rows(self, chance: random.Random) -> None:
        """Presses one of the numbers, if there are any, waits for the rows behind it and closes them.

        A row of a table opens another page and its heads and feet sort and turn it; names of refusals are
        answered by the page of operations itself: none of them is a number.
        """
        await self._ended()
        doors = self.page.locator(_DOORS)
        names = await doors.evaluate_all("all => all.map(e => e.dataset.open)")
        names = sorted({name for name in names if not name.startswith(NO_NUMBERS)})
        if not names:
            return
        name = chance.choice(names)
        named = json.dumps(name, ensure_ascii=False)
        door = self.page.locator(_DOORS.replace("[data-open]", f"[data-open={named}]")).first
        started = await self._taken(lambda: door.click(timeout=TAKES_MS))
        try:
            await self.page.locator(_ROWS).wait_for()
        except PlaywrightTimeout:
            shown = await self.page.evaluate(_STANDS)
            raise TimeoutError(f"no rows behind {name} on {self.page.url}: {shown[:300]}") from None
        await self._ended()
        self.seen.took("rows", await self._place(), started)
        await self.page.keyboard.press("Escape")
        await self.page.locator("[role=dialog]").wait_for(state="detached")

    async def take_newer(self) -> None:
        """Asks for the newer version where the page offers one."""
        newer = self.page.locator(".st-key-newer button")
        if not await newer.count():
            return
        asked = self._asked
        with suppress(PlaywrightTimeout):
            await newer.click(timeout=TAKES_MS)
            if await self._asks(asked):
                await self.page.wait_for_function(f"!({_ENDED})", timeout=BEGINS_MS)
        await self._ended()

    async def look(self) -> None:
        """Notes an error on the page, and an overview whose parts are not of one version (see
        dashboard_world)."""
        facts: dict[str, Any] = await self.page.evaluate(_FACTS)
        self.seen.errors += [text[:200] for text in facts["broken"]]
        index = facts["index"]
        if index is not None:
            rates = {rate.rstrip("%") for rate in facts["rates"] if rate != "\u2014"}
            self.seen.indexes.add(index)
            if len(rates) == 1 and index not in ("\u2014", *rates):
                self.seen.mixed.append(f"{index} beside {rates}")

    async def step(self, chance: random.Random) -> None:
        """One step: now and then the newer version where it is offered; then another channel, another page,
        or the rows behind a number. After an error, which is noted, the reader begins anew."""
        try:
            await self._step(chance)
        except (PlaywrightError, TimeoutError) as error:
            self._failed(error)
            await self._begin_anew()

    async def _step(self, chance: random.Random) -> None:
        if chance.random() < TAKES_NEWER:
            await self.take_newer()
        draw = chance.random()
        if draw < 0.1:
            await self.open_rows(chance)
        elif draw < 0.55 and await self.page.locator(_CHANNEL).count():
            await self.change_filter(chance)
        else:
            await self.change_page(chance)
        await self.look()

    async def click_on(self, until: Callable[[], bool], chance: random.Random) -> None:
        """Steps until told to stop; then a look at the overview as it is by now."""
        while not until():
            await self.step(chance)
            await asyncio.sleep(chance.uniform(0.5, 1.5) * THINK_SECONDS)
        await self._begin_anew()

    async def _begin_anew(self) -> None:
        with suppress(PlaywrightError):
            await self.come_home()

    async def leave(self) -> None:
        """Closes the window."""
        await self.page.context.close()

    async def _taken(self, click: Callable[[], Awaitable[None]]) -> float:
        """Clicks until the page asks its server for something; the moment of that click.

        Raises TimeoutError where no click is taken within PATIENCE_MS.
        """
        ends = time.monotonic() + PATIENCE_MS / 1000
        while time.monotonic() < ends:
            asked, started = self._asked, time.monotonic()
            with suppress(PlaywrightTimeout):
                await click()
            if await self._asks(asked):
                return started
            self.seen.lost += 1
        raise TimeoutError(f"no click is taken on {self.page.url}")

    async def _asks(self, asked: int) -> bool:
        """Whether the page asks its server for more than it had asked, within TAKES_MS."""
        ends = time.monotonic() + TAKES_MS / 1000
        while self._asked == asked and time.monotonic() < ends:
            self._told.clear()
            with suppress(TimeoutError):
                await asyncio.wait_for(self._told.wait(), ends - time.monotonic())
        return self._asked != asked

    async def _ended(self) -> None:
        await self._shows(_ENDED)

    async def _shows(self, what: str, told: str = "", *, within_ms: int = PATIENCE_MS) -> None:
        """Waits until the page shows it, which is looked at by the clock: Playwright's own way is to ask at
        every frame, for which the browser has to draw them."""
        await self.page.wait_for_function(what, arg=told, polling=LOOKS_MS, timeout=within_ms)

    async def _place(self) -> str:
        return self.page.url.split("?")[0].rsplit("/", 1)[-1] or "overview"

    def _failed(self, error: Exception) -> None:
        self.seen.errors.append(f"{type(error).__name__}: {str(error).splitlines()[0][:500]}")

    def _heard(self, message: ConsoleMessage) -> None:
        if message.type == "error" and not PROBED.search(message.location["url"]):
            self.seen.errors.append(f"console: {message.text[:200]}")

    def _listen(self, socket: WebSocket) -> None:
        socket.on("framesent", self._sent)

    def _sent(self, payload: str | bytes) -> None:
        """Counts what the page asks for by a click; what a page asks for by itself, every half minute, is
        none."""
        from streamlit.proto.BackMsg_pb2 import BackMsg

        if isinstance(payload, str):
            return
        asks = BackMsg.FromString(payload)
        if asks.HasField("rerun_script") and not asks.rerun_script.is_auto_rerun:
            self._asked += 1
            self._told.set()


def _whole(text: str) -> re.Pattern[str]:
    """The text and nothing else, whatever is around it."""
    return re.compile(rf"^\s*{re.escape(text.strip())}\s*$")
