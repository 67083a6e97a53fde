"""One demo merchant and one whole run over it for all end-to-end tests, whatever the number of workers."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from support.command import luyue
from support.demo_run import DemoRun
from support.once import made_once
from support.overview_visit import CHROMIUM, FLAGS

if TYPE_CHECKING:
    from playwright.sync_api import Browser

ORDERS = 3000


@pytest.fixture(scope="session")
def shared_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder that all workers of this test session see."""
    base = tmp_path_factory.getbasetemp()
    return base.parent if os.environ.get("PYTEST_XDIST_WORKER") else base


@pytest.fixture(scope="session")
def demo_run(shared_folder: Path) -> DemoRun:
    """The shared demo merchant of ORDERS orders after one `luyue run`."""
    folder, (facts, printed) = made_once(shared_folder, "demo_run", _demo_and_run)
    return DemoRun(folder / "data", folder / "truth", facts, printed)


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """Debian's Chromium, headless, for all tests of a worker; skipped, with the reason, where there is
    none."""
    if CHROMIUM is None:
        pytest.skip("no chromium on the PATH; apt-get install chromium fonts-noto-cjk")
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        opened = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        yield opened
        opened.close()


def _demo_and_run(folder: Path) -> tuple[dict[str, Any], str]:
    made = luyue("demo", "--out", folder, "--orders", str(ORDERS), cwd=folder)
    assert made.code == 0, made.text[-4000:]
    (folder / "data" / "keys").mkdir(parents=True, mode=0o700)
    (folder / "oms").rename(folder / "data" / "oms")
    shutil.copy(folder / "data" / "oms" / "public.jwk", folder / "data" / "keys" / "oms.jwk")
    (folder / "landing").rename(folder / "data" / "landing")
    ran = luyue("run", "--data", folder / "data", "--json", cwd=folder)
    assert ran.code == 0, ran.text[-6000:]
    return ran.json, made.text + ran.text
