"""Signing in at a real OpenID Connect provider, in a real browser: roles come from its groups, and sessions
end.

Skipped, with the reason, where there is no Chromium.
"""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

import pytest
from support import app_serving
from support.overview_visit import SHOWN_WITHIN_MS, await_answer, free_port, served

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

pytestmark = [pytest.mark.long, pytest.mark.browser, pytest.mark.timeout(600)]

NOW = datetime.now(ZoneInfo("Asia/Shanghai")).replace(tzinfo=None, minute=0, second=0, microsecond=0)
CLIENT_SECRET = "client-secret-of-the-test"
COOKIE_SECRET = "cookie-secret-of-the-test-0123456789"
MAPPING = """
groups:
  service-jd: {role: customer_service, channels: [jd]}
  officers: {role: executive}
sessions: {idle_minutes: %s}
"""
PEOPLE = (
    {"sub": "li", "preferred_username": "li", "groups": ["service-jd"]},
    {"sub": "gu", "preferred_username": "gu", "groups": ["strangers"]},
)


@pytest.fixture(scope="module")
def provider() -> Iterator[str]:
    """An OpenID Connect provider with two people; its address."""
    port = free_port()
    people = [part for person in PEOPLE for part in ("--user-claims", json.dumps(person))]
    command = [sys.executable, "-W", "ignore", "-m", "oidc_provider_mock", "--port", str(port), *people]
    server = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        await_answer(f"http://localhost:{port}/.well-known/openid-configuration")
        yield f"http://localhost:{port}"
    finally:
        server.terminate()
        server.wait(timeout=30)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    made = tmp_path_factory.mktemp("signed_in")
    app_serving.write(made, NOW)
    (made / "roles.yml").write_text(MAPPING % 30)
    return made


@pytest.fixture(scope="module")
def url(folder: Path, provider: str, browser: Browser) -> Iterator[str]:
    """A dashboard that asks for a sign-in; its address."""
    port = free_port()
    auth = folder / "auth.toml"
    auth.touch(mode=0o600)
    auth.write_text(
        f'[auth]\nredirect_uri = "http://127.0.0.1:{port}/oauth2callback"\n'
        f'cookie_secret = "{COOKIE_SECRET}"\n'
        f'client_id = "luyue"\nclient_secret = "{CLIENT_SECRET}"\n'
        f'server_metadata_url = "{provider}/.well-known/openid-configuration"\n'
    )
    env = {"LUYUE_AUTH": str(auth), "LUYUE_ROLES": str(folder / "roles.yml")}
    with served(folder, port, env, folder / "server.log") as address:
        yield address


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    context = browser.new_context(locale="zh-CN", viewport={"width": 1440, "height": 900})
    context.route("**/cdn.jsdelivr.net/**", lambda route: route.abort())
    opened = context.new_page()
    opened.set_default_timeout(SHOWN_WITHIN_MS)
    yield opened
    context.close()


def _sign_in(page: Page, url: str, who: str) -> list[str]:
    """Signs in; the addresses that the browser was led through on the dashboard."""
    seen: list[str] = []
    page.on("framenavigated", lambda frame: seen.append(frame.url))
    page.goto(url)
    page.get_by_role("button", name="登录").click()
    page.get_by_role("button", name=who, exact=True).click()
    page.wait_for_selector(".ly-brand, [data-reason=no_role]")
    return seen


def test_nobody_sees_anything_before_signing_in(page: Page, url: str) -> None:
    """Passes if every address leads to the sign-in, and no figure stands in the page."""
    for path in ("", "/order?order=D6920000007919&role=auditor", "/service?role=customer_service"):
        page.goto(url + path)
        page.wait_for_selector("[data-reason=sign_in]")
        text = page.inner_text("body")
        assert "D69" not in text
        assert "78." not in text


def test_groups_give_role_and_rows_and_no_url_gives_more(page: Page, url: str) -> None:
    """Passes if an agent of one channel sees that channel only, and the role in the URL changes nothing."""
    _sign_in(page, url, "li")
    page.goto(f"{url}/?role=auditor&channel=taobao")
    page.wait_for_selector("[data-testid=index]")
    assert "客服" in page.inner_text(".st-key-header")
    assert page.locator(".st-key-pick_channel input").input_value() == "京东"
    page.goto(f"{url}/order?role=auditor&of=taobao&order=D6920000000000")
    page.get_by_text("没有这张单").wait_for()
    page.goto(f"{url}/order?of=jd&order=D6920000015838")
    page.get_by_text("138****5838").wait_for()


def test_a_person_without_a_group_is_told_so(page: Page, url: str) -> None:
    _sign_in(page, url, "gu")
    page.wait_for_selector("[data-reason=no_role]")
    assert page.get_by_test_id("index").count() == 0


def test_no_secret_stands_in_an_address_or_the_log(page: Page, url: str, folder: Path) -> None:
    """Passes if neither client nor cookie secret nor a token is in any address, and the log has no code
    either."""
    seen = _sign_in(page, url, "li")
    codes = [
        part.split("=", 1)[1] for at in seen for part in at.split("?")[-1].split("&") if part[:5] == "code="
    ]
    log = (folder / "server.log").read_text(encoding="utf-8")
    for secret in (CLIENT_SECRET, COOKIE_SECRET, "eyJhbGciOiJSUzI1NiI"):
        assert secret not in log
        assert not [at for at in seen if secret in at]
    assert not [code for code in codes if code in log]
    cookies = [cookie for cookie in page.context.cookies() if cookie["name"].startswith("_streamlit_user")]
    assert cookies
    assert all(cookie["httpOnly"] for cookie in cookies)


def test_an_idle_session_ends_and_its_cookie_opens_nothing(page: Page, url: str, folder: Path) -> None:
    """Passes if after the limit the next click, and a new tab with the same cookie, lead to the sign-in."""
    _sign_in(page, url, "li")
    cookies = page.context.cookies()
    (folder / "roles.yml").write_text(MAPPING % 0)
    try:
        page.get_by_text("EN", exact=True).click()
        page.wait_for_selector("[data-reason=sign_in], form")
        page.context.add_cookies(cookies)  # type: ignore[arg-type]
        other = page.context.new_page()
        other.goto(url)
        other.wait_for_selector("[data-reason=sign_in]", timeout=SHOWN_WITHIN_MS)
    finally:
        (folder / "roles.yml").write_text(MAPPING % 30)


def test_signing_out_ends_the_session_for_its_cookie_too(page: Page, url: str) -> None:
    """Passes if after signing out the address, and the cookie kept from before, lead to the sign-in."""
    _sign_in(page, url, "li")
    cookies = page.context.cookies()
    page.get_by_role("button", name="退出").click()
    page.wait_for_url("**/oauth2/end_session**")
    page.context.add_cookies(cookies)  # type: ignore[arg-type]
    page.goto(url)
    page.wait_for_selector("[data-reason=sign_in]")
