"""A browser's visit to a dashboard that is served for a test: Chromium's flags, the server, one open page."""

from __future__ import annotations

import os
import re
import shutil
import socket
import subprocess
import time
import urllib.request
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from dagster_project import settings
from dagster_project.lib import dashboard

if TYPE_CHECKING:
    from playwright.sync_api import ConsoleMessage, Page, Request

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser")
FLAGS = [
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
PICTURES = Path(__file__).resolve().parents[2] / "artifacts" / "overview"
PROBED = re.compile(r"/\w+/_stcore/(health|host-config)$")
STARTS_WITHIN_SECONDS = 90
SHOWN_WITHIN_MS = 90_000


@dataclass
class Visit:
    """One open page, and what went wrong on it."""

    page: Page
    url: str
    outside: list[str] = field(default_factory=list)
    complaints: list[str] = field(default_factory=list)

    def seen(self, request: Request) -> None:
        """Keep a request that left this machine's dashboard."""
        if not request.url.startswith((self.url, "data:", "blob:")):
            self.outside.append(request.url)

    def heard(self, message: ConsoleMessage) -> None:
        """Keep an error of the console. Streamlit looks for its server under each part of a page's path
        first, and the browser notes that it is not there."""
        is_look_up = PROBED.search(message.location["url"]) is not None
        if message.type == "error" and not is_look_up:
            self.complaints.append(f"{message.text} {message.location['url']}")

    def settle(self) -> None:
        """Wait until nothing runs any more and each chart is drawn."""
        self.page.wait_for_selector(
            "[data-testid=stApp][data-test-script-state=notRunning]", timeout=SHOWN_WITHIN_MS
        )
        self.page.wait_for_function(
            "[...document.querySelectorAll('[data-testid=stEChartsChart]')]"
            ".every(c => c.offsetParent === null || c.querySelector('canvas'))",
            timeout=SHOWN_WITHIN_MS,
        )

    def keep(self, name: str) -> None:
        """Keep the picture of the screen, once nothing runs any more."""
        self.settle()
        PICTURES.mkdir(parents=True, exist_ok=True)
        self.page.screenshot(path=PICTURES / f"{name}.png")

    def assert_clean(self) -> None:
        """Nothing was asked of the outside, and the console is empty of errors."""
        assert self.outside == []
        assert self.complaints == []


def free_port() -> int:
    """A port that nothing listens on."""
    with socket.socket() as probe:
        probe.bind((dashboard.HOST, 0))
        return int(probe.getsockname()[1])


@contextmanager
def served(
    data: Path, port: int | None = None, env: Mapping[str, str] | None = None, log: Path | None = None
) -> Iterator[str]:
    """A dashboard over this data folder; its address. `env` as `luyue dashboard` would find it."""
    port = port or free_port()
    told = settings.load(data=data, env=env or {})
    with (log or Path(os.devnull)).open("w", encoding="utf-8") as sink:
        server = subprocess.Popen(
            dashboard.command(port, told),
            env={**dashboard.environment(told), **(env or {})},
            cwd=data,
            stdout=sink,
            stderr=sink,
        )
        address = f"http://{dashboard.HOST}:{port}"
        try:
            await_answer(f"{address}/_stcore/health")
            yield address
        finally:
            server.terminate()
            server.wait(timeout=30)


def await_answer(url: str) -> None:
    """Wait until a server answers."""
    until = time.monotonic() + STARTS_WITHIN_SECONDS
    while True:
        try:
            urllib.request.urlopen(url, timeout=2).close()
            return
        except OSError:
            if time.monotonic() > until:
                raise
            time.sleep(0.2)
