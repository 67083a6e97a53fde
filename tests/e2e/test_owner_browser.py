"""What an owner does about findings and corrections, clicked through in a real browser, refusals too.

Over a copy of the shared run.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from support.demo_run import DemoRun
from support.forms import alert, kept, opened, press
from support.overview_visit import served

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

pytestmark = [pytest.mark.browser, pytest.mark.timeout(600)]

Open = Callable[[str], AbstractContextManager["Page"]]


@pytest.fixture(scope="module")
def data(demo_run: DemoRun, tmp_path_factory: pytest.TempPathFactory) -> Path:
    return demo_run.copy(tmp_path_factory.mktemp("owner"))


@pytest.fixture(scope="module")
def url(data: Path, browser: Browser) -> Iterator[str]:
    with served(data) as address:
        yield address


@pytest.fixture
def visit(browser: Browser, url: str) -> Open:
    return partial(opened, browser, url)


def test_a_value_is_corrected_refused_and_taken_back(visit: Open, data: Path) -> None:
    """Passes if a bad value is refused, a good one waits for the next run in the list, a second correction of
    it is refused, and taking it back needs a reason."""
    with visit("quality?role=owner&f_rule=province_spellings") as page:
        page.locator(".ly-box").nth(1).click()
        page.get_by_text("已选 1 个").wait_for()
        page.get_by_text("首次发现").wait_for()
        field = page.get_by_label("省的写法 改为")
        good = field.input_value()
        field.fill("火星省")
        page.get_by_label("理由（会留底）").first.fill("照标准名称")
        press(page, "提交改正")
        alert(page, "这个区划的标准名称是")
        assert kept(data, "corrections") == []
        page.get_by_label("省的写法 改为").fill(good)
        page.get_by_label("理由（会留底）").first.fill("照标准名称")
        press(page, "提交改正")
        alert(page, "已改正，下一次运行生效")
        (entry,) = kept(data, "corrections")
        assert (entry["new_value"], entry["status"], entry["reason"]) == (good, "approved", "照标准名称")
        page.get_by_text("等下一次运行").wait_for()
        page.locator(".ly-box").nth(1).click()
        page.get_by_label("省的写法 改为").wait_for()
        page.get_by_label("理由（会留底）").first.fill("再改一次")
        press(page, "提交改正")
        alert(page, "这个值已有别的改正")
        page.locator(".st-key-corrections .ly-box").nth(1).click()
        press(page, "撤回所选 1 条")
        alert(page, "请写明理由")
        page.get_by_label("理由（撤回必填，会留底）").fill("写错了")
        press(page, "撤回所选 1 条")
        alert(page, "已撤回 1 条")
        page.locator(".st-key-corrections").get_by_text("已撤回").first.wait_for()
    assert [entry["status"] for entry in kept(data, "corrections")] == ["approved", "revoked"]


def test_many_findings_are_acted_on_at_once(visit: Open, data: Path) -> None:
    """Passes if all of a rule are acknowledged with one press, an assignment needs a name, and suggestions
    taken in bulk land as corrections."""
    with visit("quality?role=owner&f_rule=district_spellings") as page:
        page.get_by_role("tab", name="确认 / 指派 / 接受").click()
        box = page.locator(".st-key-findings .ly-box").first
        box.click()
        page.locator(".st-key-findings .ly-box[aria-checked=true]").first.wait_for()
        many = page.locator(".st-key-findings tbody .ly-box").count()
        page.get_by_text("指派给", exact=True).first.click()
        press(page, f"处理所选 {many} 个")
        alert(page, "请写明指派给谁")
        assert kept(data, "findings") == []
        page.get_by_role("radiogroup").get_by_text("已看到").click()
        press(page, f"处理所选 {many} 个")
        alert(page, f"已处理 {many} 个")
        entries = kept(data, "findings")
        assert [entry["action"] for entry in entries] == ["acknowledge"] * many
        before = len(kept(data, "corrections"))
        page.get_by_role("tab", name="批量采纳建议").click()
        page.locator(".st-key-findings .ly-box").first.click()
        take = page.get_by_role("button", name="采纳全部")
        take.wait_for()
        take.click()
        page.get_by_text("条被规则挡下").wait_for()
    assert len(kept(data, "corrections")) > before
