"""What stands around every page, as Streamlit runs it without a browser: hostile URLs, roles, one order."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest
from support import app_serving
from support.rooms import tables

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


CASES = [(pages()[0], text) for text in HOSTILE] + [(name, HOSTILE[3]) for name in pages()[1:]]
"""All hostile texts on the first page, the worst on each."""


@pytest.mark.parametrize(("name", "hostile"), CASES, ids=range(len(CASES)))
def test_a_hostile_url_gives_a_designed_page(
    data: Path, monkeypatch: pytest.MonkeyPatch, name: str, hostile: str
) -> None:
    """Passes if no exception shows, the header stands, and no markup of the URL's comes through."""
    page = _open(data, monkeypatch, name, **dict.fromkeys(PARAMETERS, hostile))
    assert not page.exception
    assert "ly-brand" in _html(page)
    assert "<script>alert" not in _html(page)


@pytest.mark.parametrize("hostile", HOSTILE[:4], ids=range(4))
def test_a_hostile_table_in_the_url_is_a_table(
    data: Path, monkeypatch: pytest.MonkeyPatch, hostile: str
) -> None:
    """Passes if a hostile search finds nothing, and a hostile order and page give the first page as it
    was."""
    page = _open(data, monkeypatch, "service", lang="zh", role="customer_service", open_q=hostile)
    assert not page.exception
    assert [caption for caption in page.caption if "没有符合的行" in caption.value]
    page = _open(
        data, monkeypatch, "service", lang="zh", role="customer_service", open_by=hostile, open_at=hostile
    )
    assert not page.exception
    assert [len(rows) for rows in tables(page)] == [50]


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


def test_a_role_without_the_page_is_told_so_and_which_role_has_it(
    data: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Passes if the page's content stays away, links lead elsewhere, and the way to it is named."""
    page = _open(data, monkeypatch, "service", lang="zh", role="executive")
    assert not page.exception
    assert 'data-reason="forbidden_but"' in _html(page)
    assert "客服、审计" in _html(page)
    assert not page.text_input


def test_a_role_in_the_url_that_nobody_granted_is_not_given(
    data: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Passes if a person with one grant stays in it, whatever the URL says: rows, columns and pages alike."""
    from app.access import people, signed_in
    from app.access.policy import Policy

    agent = people.Person("li", (Policy("customer_service", ("jd",)),))
    monkeypatch.setattr(signed_in, "person", lambda: agent)
    page = _open(data, monkeypatch, "overview", lang="zh", role="auditor", channel="taobao")
    assert not page.exception
    assert [box.value for box in page.selectbox if box.key == "pick_channel"] == ["jd"]
    html = _html(
        _open(data, monkeypatch, "order", lang="zh", role="auditor", of="taobao", order="D6920000000000")
    )
    assert "没有这张单" in html


def test_an_agent_has_three_actions_and_an_open_one_cannot_be_asked_for_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Passes if the form asks for a reason, and another session sees what was sent and cannot send it
    again."""
    from dagster_project import desk, settings

    app_serving.write(tmp_path, AS_OF)
    query = {"lang": "zh", "role": "customer_service", "of": "douyin", "order": "D6920000007919"}
    page = _open(tmp_path, monkeypatch, "order", **query)
    assert [page.button(key=f"act_{action}").disabled for action in desk.ACTIONS] == [False] * 3
    page.button(key="act_expedite").click().run()
    assert page.text_input(key="why_expedite").value == ""
    asked = desk.Intervention(query["of"], query["order"], "expedite", "客户急用", "li", "customer_service")
    desk.request(settings.load(data=tmp_path), asked)
    other = _open(tmp_path, monkeypatch, "order", **query)
    assert [other.button(key=f"act_{action}").disabled for action in desk.ACTIONS] == [
        False,
        True,
        False,
    ]
    assert "<b>加急发货</b> · 已提交" in _html(other)
    assert "加急发货" in _html(_open(tmp_path, monkeypatch, "service", lang="zh", role="customer_service"))


@pytest.mark.parametrize("role", ["executive", "owner", "engineer", "auditor"])
def test_no_other_role_has_the_three_actions(data: Path, monkeypatch: pytest.MonkeyPatch, role: str) -> None:
    page = _open(data, monkeypatch, "order", lang="zh", role=role, of="douyin", order="D6920000007919")
    assert not [button for button in page.button if str(button.key).startswith(("act_", "reveal"))]


@pytest.mark.parametrize(
    ("role", "key", "is_offered"),
    [("customer_service", "yes", True), ("customer_service", "no", False), ("executive", "yes", False)],
)
def test_a_reveal_needs_the_role_and_a_dashboard_with_the_key(
    data: Path, monkeypatch: pytest.MonkeyPatch, role: str, key: str, is_offered: bool
) -> None:
    """Passes if the executive is offered none even where the dashboard has the key."""
    monkeypatch.setenv("LUYUE_REVEALS", key)
    page = _open(data, monkeypatch, "order", lang="zh", role=role, of="douyin", order="D6920000007919")
    assert bool([button for button in page.button if button.key == "reveal"]) is is_offered
