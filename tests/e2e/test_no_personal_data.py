"""No phone, name, account, e-mail or detailed address of the demo world stands outside landing and vault."""

from __future__ import annotations

import shutil
from pathlib import Path

import polars as pl
from support.demo_run import DemoRun
from support.in_process import luyue
from support.leaks import leaks, personal_values


def test_what_is_stored_published_logged_and_printed_holds_no_personal_value(
    demo_run: DemoRun, tmp_path: Path
) -> None:
    """Whoever can read the published file reads all of it, logs travel, and the report's pages and tables are
    mailed; the vault alone knows people."""
    reported = luyue("report", "--data", demo_run.data, "--out", tmp_path / "out")
    assert reported.code == 0, reported.err
    pages = [path for path in (tmp_path / "out").iterdir() if path.suffix in (".html", ".csv")]
    assert any(path.name.startswith("to_mend") for path in pages)
    printed = "\n".join([demo_run.printed, *(path.read_text("utf-8") for path in pages)])
    known = personal_values(demo_run.data)
    assert all(len(known[kind]) > 100 for kind in ("phone", "name", "account", "address")), {
        kind: len(values) for kind, values in known.items()
    }
    assert leaks(demo_run.data, known, printed) == []


def test_the_search_finds_what_is_there(demo_run: DemoRun, tmp_path: Path) -> None:
    """A search that finds nothing would pass for ever: each kind, planted in the lake, in facts, in print."""
    known = personal_values(demo_run.data)
    some = {kind: sorted(values)[0] for kind, values in known.items() if values}
    data = tmp_path / "data"
    shutil.copytree(demo_run.data / "serving", data / "serving")
    planted = [f"备注 {value} 谢谢" for value in some.values()]
    (data / "lake" / "surveys").mkdir(parents=True)
    pl.DataFrame({"comment": planted}).write_parquet(data / "lake" / "surveys" / "a.parquet")
    (data / "runs").mkdir()
    (data / "runs" / "r.json").write_text("\n".join(planted), "utf-8")
    found = leaks(data, known, "\n".join(planted))
    for place in ("lake/surveys.comment", "runs/r.json", "printed"):
        assert {line.split(": ")[1].split(" in ")[0] for line in found if line.startswith(place)} == set(some)
