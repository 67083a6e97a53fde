"""What stands around every page, as Streamlit runs it without a browser: hostile URLs, roles, one order."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest
from support import app_serving

from app.access.roles import pages

APP = Path(__file__).resolve().parents[3] / "app"
AS_OF = datetime(2026, 1, 31, 7, 40)
HOSTILE = (
    "' or '1'='1",
    "<script>alert(1)</script>",
    "../../etc/passwd",
    "all' union select * from marts.fct_orders --",
    "\x00\x1b[31m",
    "x" * 5000,
    "{0.__class__}",
    "9999999999999999999999",
    "",
)
PARAMETERS = ("lang", "role", "period", "start", "channel", "warehouse", "of", "order")


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("data")
    app_serving.write(folder, AS_OF)
    return folder


def _open(data: Path, monkeypatch: pytest.MonkeyPatch, name: str = "overview", **query: str) -> AppTest:
    """A page after one run over this data folder."""
    monkeypatch.setenv("LUYUE_DATA", str(data))
    page = AppTest.from_file(APP / "streamlit_app.py", default_timeout=60)
    page.query_params.update(query)
    page.switch_page(str(APP / "app_pages" / f"{name}.py"))
    page.query_params.update(query)
    page.run()
    return page


def _html(page: AppTest) -> str:
    return "\n".join(block.body for block in page.get("html"))


@pytest.mark.parametrize("hostile", HOSTILE, ids=range(len(HOSTILE)))
@pytest.mark.parametrize("name", pages())
def test_a_hostile_url_gives_a_designed_page(
    data: Path, monkeypatch: pytest.MonkeyPatch, name: str, hostile: str
) -> None:
    """Passes if no exception shows, the header stands, and no markup of the URL's comes through."""
    page = _open(data, monkeypatch, name, **dict.fromkeys(PARAMETERS, hostile))
    assert not page.exception
    assert "ly-brand" in _html(page)
    assert "<script>alert" not in _html(page)


def test_an_order_shows_its_timeline(data: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Passes if a service agent sees number, masked phone and each event; and not what nobody may see."""
    html = _html(
        _open(
            data,
            monkeypatch,
            "order",
            lang="zh",
            role="customer_service",
            of="douyin",
            order="D6920000007919",
        )
    )
    assert "<code>D6920000007919</code>" in html
    assert "138****7919" in html
    for words in ("下单", "支付成功", "已发货", "已签收"):
        assert f"<span>{words}</span>" in html


def test_an_executive_finds_no_order_by_its_number(data: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Passes if the key that a role does not see does not work either, and the page says what to do."""
    html = _html(_open(data, monkeypatch, "order", lang="zh", role="executive", order="D6920000007919"))
    assert "没有这张单" in html
    assert "138****" not in html
