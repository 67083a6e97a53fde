"""`luyue report`: pages that open offline in both languages, tables beside them, nothing personal in any."""

from __future__ import annotations

import re
from html.parser import HTMLParser
from pathlib import Path

import fastexcel
import polars as pl
import pytest
from support.in_process import luyue
from support.ingest_files import DOUYIN, csv_bytes

from dagster_project import settings as all_settings
from dagster_project.lib.ingest import ingest

SECRETS = ("王小明", "13912345678", "文三路", "李小红")


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A data folder with refused rows, a refused file, a new column and an unknown word."""
    folder = tmp_path_factory.mktemp("report") / "data"
    bad = DOUYIN | {"子订单编号": "2", "订单提交时间": "=cmd|' /C calc'!A0"}
    strange = DOUYIN | {"子订单编号": "3", "订单状态": "火星发货"}
    files = {
        "1767316500_ab.csv": csv_bytes([row | {"清关状态": "<b>放行</b>"} for row in (DOUYIN, bad, strange)]),
        "1767316501_ab.csv": b"what,is\n1,2\n",
    }
    for name, content in files.items():
        path = folder / "landing" / "douyin_orders" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
    ingest(all_settings.load(data=folder, env={}))
    return folder


class _Page(HTMLParser):
    """Headings, cells, links, and whether every tag is closed."""

    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []
        self.links: list[str] = []
        self.texts: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag != "meta":
            self.open.append(tag)
        self.links += [value for name, value in attrs if name in ("href", "src") and value]

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        self.texts.append(data)


def test_the_report_is_whole_and_stands_alone(data: Path, tmp_path: Path) -> None:
    done = luyue("report", "--data", data, "--out", tmp_path, "--json")
    assert done.code == 0, done.text
    names = {Path(path).name for path in done.json["files"]}
    assert names >= {"index.html", "index.en.html", "sources.csv", "quarantine.csv", "report.xlsx"}
    for name in ("index.html", "index.en.html"):
        text = (tmp_path / name).read_text(encoding="utf-8")
        page = _Page()
        page.feed(text)
        page.close()
        assert page.open == []
        assert all((tmp_path / link).is_file() for link in page.links)
        assert "<script" not in text
        assert "url(" not in text
    zh, en = ((tmp_path / name).read_text(encoding="utf-8") for name in ("index.html", "index.en.html"))
    assert "拒收原因" in zh
    assert "Refusals by reason" in en
    assert not re.search("[\u4e00-\u9fff]", re.sub(r"<code>.*?</code>|<td[^>]*>.*?</td>|中文", "", en))


def test_what_was_refused_and_noticed_stands_there(data: Path, tmp_path: Path) -> None:
    luyue("report", "--data", data, "--out", tmp_path)
    text = (tmp_path / "index.en.html").read_text(encoding="utf-8")
    for told in ("bad_time", "no_header", "清关状态", "火星发货", "not a time"):
        assert told in text
    quarantine = pl.read_csv(tmp_path / "quarantine.csv")
    assert quarantine.height == 2
    assert quarantine["value_mask"].drop_nulls().str.starts_with("'=").all()
    book = fastexcel.read_excel(tmp_path / "report.xlsx")
    assert book.sheet_names == ["sources", "refusals", "quarantine", "drift", "notices"]


def test_nothing_personal_stands_in_any_file(data: Path, tmp_path: Path) -> None:
    luyue("report", "--data", data, "--out", tmp_path)
    for path in tmp_path.iterdir():
        content = path.read_bytes()
        if path.suffix == ".xlsx":
            book = fastexcel.read_excel(path)
            content = "".join(book.load_sheet(n).to_polars().write_csv() for n in book.sheet_names).encode()
        for secret in SECRETS:
            assert secret.encode() not in content, path


def test_an_owner_gets_their_own_sources(data: Path, tmp_path: Path) -> None:
    luyue("report", "--data", data, "--out", tmp_path, "--owner", "warehouse")
    assert pl.read_csv(tmp_path / "sources.csv").height == 0


def test_a_folder_without_runs_gives_an_empty_report(tmp_path: Path) -> None:
    (tmp_path / "data").mkdir()
    done = luyue("report", "--data", tmp_path / "data", "--out", tmp_path / "out")
    assert done.code == 0, done.text
    assert "No file was read yet" in (tmp_path / "out" / "index.en.html").read_text(encoding="utf-8")
