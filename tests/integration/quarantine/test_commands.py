"""`luyue quarantine list|show|replay` over a folder with refused rows and files."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from support.in_process import luyue
from support.ingest_files import csv_bytes

from dagster_project import settings as all_settings
from dagster_project.lib import stages
from dagster_project.lib.ingest import ingest
from dagster_project.lib.ingest.errors import FILE_CODES, ROW_CODES
from dagster_project.lib.quarantine.advice import LANGUAGES, all_advice
from dagster_project.lib.session import open_session
from dagster_project.settings import Settings

CONTRACT = """\
version: 1
source: my_shop
feed: orders
channel: my_shop
grain: line
owner: me
name: {zh: 我的店, en: my shop}
required: [channel_order_id]
private_headers: {下单人: name}
"""
COLUMNS = (
    "channel_order_id,单号,1\nchannel_line_id,行号,1\npaid_at,付款,1\nreceiver_name,收件人,1\n"
    "receiver_phone,手机,1\nreceiver_address,地址,1\n"
)
ROWS = [
    {
        "单号": f"A{n}",
        "行号": f"A{n}-1",
        "付款": paid,
        "收件人": "王小明",
        "手机": "13912345678",
        "地址": "文三路1号2幢301室",
        "下单人": "李小红",
        "备注": "放门口 13987654321 王大锤",
        "件数": "1",
    }
    for n, paid in enumerate(("2026-01-02 10:00:00", "待定", "2026-01-03 10:00:00"))
]
SECRETS = ("王小明", "13912345678", "文三路", "李小红", "13987654321", "王大锤")


@pytest.fixture
def folder(tmp_path: Path) -> Settings:
    """A data folder: one file with a refused row, one refused whole, one with a line of other width."""
    data, channels = tmp_path / "data", tmp_path / "channels"
    (channels / "my_shop").mkdir(parents=True)
    (channels / "my_shop" / "contract.yml").write_text(CONTRACT, encoding="utf-8")
    write_map(tmp_path, COLUMNS)
    good = csv_bytes(ROWS)
    for name, content in (
        ("a.csv", good),
        ("b.csv", b"what,is,this\n1,2,3\n"),
        ("c.csv", csv_bytes(ROWS[:1]) + "A9,王小明,13912345678\n".encode()),
    ):
        (data / "landing" / "my_shop").mkdir(parents=True, exist_ok=True)
        (data / "landing" / "my_shop" / name).write_bytes(content)
    settings = all_settings.load(data=data, channels=[channels], env={})
    ingest(settings)
    return settings


def write_map(tmp_path: Path, columns: str) -> None:
    path = tmp_path / "channels" / "my_shop" / "column_map.csv"
    path.write_text("column,header,priority\n" + columns, encoding="utf-8")


def options(of: Settings) -> list[str | Path]:
    return ["--data", of.data, "--channels", of.channels[-1]]


def test_list_tells_rows_and_files_with_ids(folder: Settings) -> None:
    done = luyue("quarantine", "list", *options(folder), "--json")
    assert done.code == 0, done.text
    rows = json.loads(done.out)
    told = [(r["source_file"], r["source_line"], r["reason_code"], r["status"]) for r in rows]
    assert (
        told
        == [
            ("my_shop/a.csv", 3, "bad_time", "open"),
            ("my_shop/b.csv", None, "no_header", "open"),
            ("my_shop/c.csv", 3, "cut_line", "open"),
        ]
        or told[2][2] == "cell_count"
    )
    assert rows[0]["id"] == f"{rows[0]['batch_id']}:3"
    assert rows[1]["id"] == rows[1]["batch_id"]
    assert luyue("quarantine", "list", *options(folder), "--file", "a.csv").out.count("my_shop/") == 1
    counts = json.loads(luyue("quarantine", "list", *options(folder), "--by", "source", "--json").out)
    assert [(c["source"], c["rows"], c["files"]) for c in counts] == [("my_shop", 2, 1)]


def test_show_masks_every_cell(folder: Settings) -> None:
    done = luyue("quarantine", "show", "my_shop/a.csv:3", *options(folder))
    assert done.code == 0, done.text
    assert "待定" in done.out
    assert "139****5678" in done.out
    assert "mend" in done.out
    for secret in SECRETS:
        assert secret not in done.text
    cut = luyue("quarantine", "show", "c.csv", *options(folder))
    assert cut.code == 0, cut.text
    for secret in SECRETS:
        assert secret not in cut.text


def test_show_hides_all_where_the_contract_is_not_at_hand(folder: Settings) -> None:
    """Nobody can tell then which column holds names; the line says what to add."""
    done = luyue("quarantine", "show", "my_shop/a.csv:3", "--data", folder.data)
    assert done.code == 0, done.text
    assert "王…(3)" in done.out
    assert "look          no contract for my_shop here; --channels" in done.out
    for secret in SECRETS:
        assert secret not in done.text


def test_list_reads_as_lines(folder: Settings) -> None:
    """A place that `show` takes, the reason, the masked value where there is one; nothing is said twice."""
    lines = luyue("quarantine", "list", *options(folder)).out.splitlines()
    assert lines[0] == "my_shop/a.csv:3 bad_time: paid_at: not a time [待定]"
    assert lines[1] == "my_shop/b.csv no_header: none of the first 20 rows holds a known column name"
    counts = luyue("quarantine", "list", *options(folder), "--by", "reason").out.splitlines()
    assert "       1 rows    0 files  my_shop bad_time" in counts


def test_reveal_needs_a_reason_and_is_written_down(folder: Settings) -> None:
    refused = luyue("quarantine", "show", "a.csv:3", *options(folder), "--reveal")
    assert refused.code == 2
    done = luyue("quarantine", "show", "a.csv:3", *options(folder), "--reveal", "--reason", "customer called")
    assert "王小明" in done.out
    log = "".join(path.read_text(encoding="utf-8") for path in (folder.inbox / "reveals").iterdir())
    event = json.loads(log)
    assert event["reason"] == "customer called"
    assert event["what"].endswith(":3")
    assert "王小明" not in log


def test_show_of_nothing_is_one_line(folder: Settings) -> None:
    done = luyue("quarantine", "show", "nothing.csv", *options(folder))
    assert done.code == 1
    assert len(done.err.splitlines()) == 1


def test_replay_waits_for_a_mended_contract(folder: Settings, tmp_path: Path) -> None:
    nothing = luyue("quarantine", "replay", *options(folder))
    assert nothing.code == 0
    assert "nothing to replay" in nothing.out
    write_map(tmp_path, COLUMNS.replace("paid_at,付款,1\n", "") + "channel_order_id,what,2\n")
    listed = luyue("quarantine", "list", *options(folder))
    assert "2 files can be replayed" in listed.out
    before = sorted(path.name for path in folder.lake.rglob("*"))
    rehearsed = luyue("quarantine", "replay", *options(folder), "--dry-run", "--json")
    assert {(r["source_file"], r["outcome"], r["accepted"]) for r in json.loads(rehearsed.out)} == {
        ("my_shop/a.csv", "retaken", 3),
        ("my_shop/b.csv", "retaken", 1),
    }
    assert sorted(path.name for path in folder.lake.rglob("*")) == before
    done = luyue("quarantine", "replay", *options(folder), "--json")
    assert json.loads(done.out) == json.loads(rehearsed.out)
    assert json.loads(luyue("quarantine", "replay", *options(folder), "--json").out) == []
    left = json.loads(luyue("quarantine", "list", *options(folder), "--json").out)
    assert {row["source_file"] for row in left} == {"my_shop/c.csv"}


def test_a_run_tells_how_many_files_can_be_replayed(folder: Settings, tmp_path: Path) -> None:
    def told() -> list[str]:
        with open_session(folder, say=lambda _: None) as session:
            stages.ingest(session)
        return [notice for notice in session.facts.notices if "replay" in notice]

    assert told() == []
    write_map(tmp_path, COLUMNS.replace("paid_at,付款,1\n", ""))
    [notice] = told()
    assert notice.startswith("2 refused files can be replayed")


def test_a_mended_file_supersedes_the_refused_one(folder: Settings) -> None:
    mended = csv_bytes([ROWS[0]])
    (folder.landing / "my_shop" / "b.csv").write_bytes(mended)
    ingest(folder)
    rows = json.loads(luyue("quarantine", "list", *options(folder), "--json").out)
    assert {r["source_file"]: r["status"] for r in rows}["my_shop/b.csv"] == "superseded"
    left = json.loads(luyue("quarantine", "list", *options(folder), "--open", "--json").out)
    assert "my_shop/b.csv" not in {r["source_file"] for r in left}


def test_unknown_files_cannot_be_replayed(folder: Settings) -> None:
    done = luyue("quarantine", "replay", *options(folder), "--file", "typo.csv")
    assert done.code == 1
    assert "typo.csv" in done.err


def test_every_code_has_advice_in_both_languages_and_in_the_docs(project_root: Path) -> None:
    codes = {*FILE_CODES, *ROW_CODES}
    page = (project_root / "docs" / "quarantine.md").read_text(encoding="utf-8")
    for language in LANGUAGES:
        assert set(all_advice(language)) == codes
        for code, told in all_advice(language).items():
            assert f"| `{code}` | {told.means} | {told.mend} |" in page
