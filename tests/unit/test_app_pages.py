"""The overview as Streamlit runs it, without a browser: its numbers are the file's, its states designed."""

from __future__ import annotations

import re
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest
from support import app_serving
from support.rooms import tables

from app.access.policy import Policy, acting_as
from app.queries import listing, missed
from app.queries.index import PARTS
from app.queries.scope import Scope

SCRIPT = Path(__file__).resolve().parents[2] / "app" / "streamlit_app.py"
AS_OF = datetime(2026, 1, 31, 7, 40)


def _run(data: Path, monkeypatch: pytest.MonkeyPatch, **query: str) -> AppTest:
    """The page after one run over this data folder."""
    monkeypatch.setenv("LUYUE_DATA", str(data))
    page = AppTest.from_file(SCRIPT, default_timeout=60)
    for key, value in query.items():
        page.query_params[key] = value
    page.run()
    assert not page.exception
    return page


def _html(page: AppTest) -> str:
    return "\n".join(block.body for block in page.get("html"))


@pytest.fixture(scope="module")
def published(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A data folder with one full version."""
    data = tmp_path_factory.mktemp("data")
    app_serving.write(data, AS_OF)
    return data


def _value(path: Path, kpi: str, kind: str, start: str, channel: str = "all") -> float:
    import duckdb

    with duckdb.connect(path, read_only=True) as con:
        row = con.execute(
            "select value from marts.rpt_experience_index"
            " where kpi = ? and period = ? and period_start = ?::date and channel = ?",
            [kpi, kind, start, channel],
        ).fetchone()
    assert row is not None
    return float(row[0])


def test_the_page_opens_on_the_latest_complete_week(published: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Passes if the number, the parts and the three actions stand there, and the week is named in words."""
    path = published / "serving" / "serve_r1.duckdb"
    html = _html(_run(published, monkeypatch, lang="zh"))
    assert f'data-testid="index">{_value(path, "experience_index", "week", "2026-01-19"):.1f}<' in html
    for kpi in PARTS:
        assert f'data-testid="rate">{_value(path, kpi, "week", "2026-01-19") * 100:.1f}%<' in html
    assert "最近完整的一周" in html
    assert html.count('class="ly-todo"') == 3


def test_the_url_chooses_period_channel_and_language(
    published: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Passes if a link shows what it names."""
    path = published / "serving" / "serve_r1.duckdb"
    page = _run(published, monkeypatch, lang="en", period="month", start="2025-12-01", channel="jd")
    shown = _value(path, "experience_index", "month", "2025-12-01", "jd")
    assert f'data-testid="index">{shown:.1f}<' in _html(page)
    assert "Experience index" in _html(page)
    assert "体验健康度" not in _html(page)


def test_a_choice_that_the_data_do_not_offer_falls_back(
    published: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Passes if an old or a broken link shows the default instead of an error."""
    page = _run(published, monkeypatch, period="decade", start="1999-01-01", channel="nowhere", lang="zh")
    assert "最近完整的一周" in _html(page)
    assert "decade" not in str(page.query_params)


def test_a_missing_part_is_missing_not_zero(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Passes if there is no total, the part says what to do, and the sentence names it."""
    app_serving.write(tmp_path, AS_OF, missing=("sla_acceptance_rate",))
    html = _html(_run(tmp_path, monkeypatch, lang="zh"))
    assert 'data-testid="index">—<' in html
    assert "luyue_sla_offers" in html
    assert "缺 SLA 协商接受率 的数据" in html


def test_stale_and_absent_sources_lower_the_trust(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Passes if each part speaks of its own sources only."""
    app_serving.write(tmp_path, AS_OF, stale_feeds=("anomaly_cases",), absent_feeds=("sla_offers",))
    html = _html(_run(tmp_path, monkeypatch, lang="zh"))
    assert html.count("异常个案过期 · 已 2 天") == 1
    assert html.count("缺来源：SLA 协商") == 1
    assert html.count("可信 · 覆盖 97.0%") == 3


@pytest.mark.parametrize(
    ("broken", "reason"), [("none", "nothing"), ("gone", "missing"), ("cut", "damaged"), ("bare", "empty")]
)
def test_every_broken_state_is_designed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, broken: str, reason: str
) -> None:
    """Passes if the page says what happened and what to do, in words, without an exception."""
    if broken != "none":
        path = app_serving.write(tmp_path, AS_OF, days=0 if broken == "bare" else 10, anomalies=20)
        if broken == "gone":
            path.unlink()
        if broken == "cut":
            path.write_bytes(path.read_bytes()[:5_000])
    html = _html(_run(tmp_path, monkeypatch, lang="en"))
    assert f'data-reason="{reason}"' in html
    assert "What to do" in html
    assert 'data-testid="index"' not in html


def test_a_new_version_is_offered_and_the_session_ends_on_its_own(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Passes if a running session keeps its version until asked, or until its file was pruned."""
    first = app_serving.write(tmp_path, AS_OF)
    page = _run(tmp_path, monkeypatch, lang="zh")
    app_serving.write(tmp_path, AS_OF + timedelta(days=7), name="serve_r2.duckdb")
    page.run()
    assert "数据截至 2026-01-31 07:40" in _html(page)
    page.button(key="newer").click().run()
    assert "数据截至 2026-02-07 07:40" in _html(page)
    assert "newer" not in [button.key for button in page.button]
    first.unlink()
    fresh = _run(tmp_path, monkeypatch, lang="zh")
    assert "数据截至 2026-02-07 07:40" in _html(fresh)


@pytest.mark.parametrize("kpi", PARTS)
def test_every_part_opens_its_rows(published: Path, monkeypatch: pytest.MonkeyPatch, kpi: str) -> None:
    """Passes if the dialog opens, and its table holds masked keys only."""
    page = _run(published, monkeypatch, lang="zh", period="total")
    page.button(key=f"open_{kpi}").click().run()
    assert not page.exception
    (rows,) = tables(page)
    keys = [cell for row in rows for cell in row if "…" in cell]
    assert len(keys) >= len(rows) > 0
    assert all(re.fullmatch(r".{4}….{4}", key) for key in keys)


def test_missed_rows_are_denominator_less_numerator(published: Path) -> None:
    """Passes if a merge group counts once over all channels, and once under each channel that it touches."""
    from app import published as versions

    version = versions.current(published / "serving")

    def count(kpi: str, channel: str) -> int:
        rows = missed.rows(kpi, Scope(channel, "total", AS_OF.date()))
        with acting_as(Policy("executive")):
            return listing.count(version, rows, listing.Wanted())

    assert count("cross_channel_merge_rate", "all") == 20
    by_channel = [count("cross_channel_merge_rate", channel) for channel in ("taobao", "douyin", "jd")]
    assert sum(by_channel) == 40
    assert count("on_time_fulfilment_rate", "all") == 45
