"""The daily brief says what the overview says, on one page of a phone, and needs neither server nor
Streamlit."""

from __future__ import annotations

import subprocess
import sys
from datetime import datetime
from pathlib import Path

import pytest
from support import app_serving
from support.overview_visit import CHROMIUM

from app import published
from app.access.policy import Policy, acting_as
from app.brief import page, writing
from app.components.todo import what
from app.labels import LANGUAGES, Labels
from app.queries import actions, index
from app.queries.scope import Scope

AS_OF = datetime(2026, 1, 31, 7, 40)
WEEK = Scope("all", "week", datetime(2026, 1, 19).date())


@pytest.fixture(scope="module")
def file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return app_serving.write(tmp_path_factory.mktemp("brief"), AS_OF)


@pytest.mark.parametrize("lang", LANGUAGES)
def test_the_brief_holds_number_parts_actions_and_trust(file: Path, lang: str) -> None:
    """Passes if each figure is the file's, each action is named, and nothing is loaded from elsewhere."""
    version, say = published.version_of(file), Labels(lang)
    with acting_as(Policy("executive")):
        html = page.html(version, lang)
        parts = index.period(version, WEEK)
        first = actions.first(version, "all").to_dicts()
    assert f'data-testid="index">{parts[index.INDEX]["value"]:.1f}<' in html
    for kpi in index.PARTS:
        assert f'data-testid="rate">{parts[kpi]["value"] * 100:.1f}%<' in html
    assert all(what(group, say) in html for group in first)
    assert say("trust.trusted") in html
    assert "http" not in html.replace("http://www.w3.org", "").replace("http-equiv", "")
    assert "D69" not in html


def test_writing_it_needs_no_streamlit(file: Path, tmp_path: Path) -> None:
    """Passes if a process that writes it never loads Streamlit: Dagster's does not."""
    code = (
        "import sys; from pathlib import Path; from app.brief import writing;"
        f"writing.write(Path({str(file)!r}), Path({str(tmp_path)!r}), with_pictures=False);"
        "sys.exit('streamlit' in sys.modules)"
    )
    root = Path(writing.__file__).resolve().parents[2]
    assert subprocess.run([sys.executable, "-c", code], cwd=root, check=False).returncode == 0
    assert sorted(path.name for path in tmp_path.iterdir()) == ["brief.en.html", "brief.zh.html"]


def test_a_picture_is_never_older_than_its_page(file: Path, tmp_path: Path) -> None:
    """Passes if a brief without pictures removes those of before."""
    (tmp_path / "brief.zh.png").write_bytes(b"old")
    writing.write(file, tmp_path, with_pictures=False)
    assert not (tmp_path / "brief.zh.png").exists()


def test_without_a_browser_the_pages_are_written_and_it_is_said(
    file: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    told = writing.write(file, tmp_path, with_pictures=True)
    assert told[:2] == ["brief.zh.html", "brief.en.html"]
    assert "no chromium" in told[2]


@pytest.mark.browser
def test_pictures_are_as_wide_as_a_phone_and_end_with_the_text(file: Path, tmp_path: Path) -> None:
    """Passes if both are 390 px at double density, one page high, and not blank below."""
    if CHROMIUM is None:
        pytest.skip("no chromium on the PATH; apt-get install chromium fonts-noto-cjk")
    from PIL import Image

    assert writing.write(file, tmp_path, with_pictures=True)[1::2] == ["brief.zh.png", "brief.en.png"]
    for lang in LANGUAGES:
        with Image.open(tmp_path / f"brief.{lang}.png") as shot:
            assert shot.width == 780
            assert 1200 < shot.height < 3000
            last = shot.convert("L").crop((0, shot.height - 120, 780, shot.height - 20))
            assert len(last.getcolors()) > 1
