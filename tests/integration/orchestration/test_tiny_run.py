"""One data folder through its life: first run, nothing new, a blocked run, a past cut-off, a full refresh.

The steps build on each other, because a whole run is the dear part; each asserts what a user would see.
"""

from __future__ import annotations

import json
import subprocess
import sys
import time
from pathlib import Path

import duckdb
import pytest
from integration.orchestration import tiny_exports

pytestmark = pytest.mark.timeout(900)
LUYUE = Path(sys.executable).parent / "luyue"


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("tiny") / "data"
    tiny_exports.write(folder / "landing")
    return folder


def _run(data: Path, *arguments: str) -> tuple[subprocess.CompletedProcess[str], dict]:
    done = subprocess.run(
        [LUYUE, "run", "--data", data, "--json", *arguments],
        capture_output=True,
        text=True,
        check=False,
        cwd=data.parent,
        timeout=800,
    )
    return done, json.loads(done.stdout) if done.stdout else {}


def _due_reasons(data: Path) -> list[str]:
    status = subprocess.run([LUYUE, "status", "--data", data, "--json"], capture_output=True, check=True)
    return json.loads(status.stdout)["due"]


def _stores(data: Path) -> dict[str, tuple[int, int]]:
    """Every file but logs and notes, with its time and size: what a run may have changed."""
    files = [path for path in data.rglob("*") if path.is_file() and path.name != ".lock"]
    return {str(path): (path.stat().st_mtime_ns, path.stat().st_size) for path in files}


@pytest.fixture(scope="module")
def first(data: Path) -> tuple[subprocess.CompletedProcess[str], dict]:
    return _run(data)


@pytest.mark.usefixtures("first")
def test_first_run_takes_the_project_as_parsed_before(data: Path) -> None:
    log = (data / "dagster" / "last_run.log").read_text("utf-8")
    assert "Running with dbt" in log
    assert "Unable to do partial parsing" not in log


def test_first_run_publishes_and_says_what_was_refused(first: tuple, data: Path) -> None:
    done, facts = first
    assert done.returncode == 0, done.stderr[-3000:]
    assert facts["sources"]["luyue_orders"] == {
        "files": 2,
        "files_refused": 1,
        "files_skipped": 0,
        "rows_read": 61,
        "rows_accepted": 60,
        "rows_refused": 1,
        "rows_totals": 0,
    }
    assert facts["as_of"] == "2026-02-01 08:00:00"
    (refused,) = facts["refused_files"]
    assert refused.startswith("luyue_orders/luyue_orders_20260201090000.csv: ")
    assert "empty" in refused
    assert list(facts["refused_rows"].values()) == [1]
    stages = ["prepare", "ingest", "addresses", "quality", "identity", "transform", "publish", "brief"]
    assert list(facts["seconds"]) == stages
    assert (data / "reports" / "brief" / "brief.zh.html").is_file()
    assert facts["checks"]["failed"] == 0
    assert facts["experience_index"]["value"] is None
    assert facts["experience_index"]["status"].startswith("incomplete ")
    assert json.loads((data / "runs" / f"{facts['run_id']}.json").read_text()) == facts
    assert (data / "serving" / "CURRENT").read_text().strip() == facts["published"]
    with duckdb.connect(str(data / "serving" / facts["published"]), read_only=True) as connection:
        assert connection.execute("select count(*) from marts.fct_orders").fetchall() == [(60,)]
    assert "13800000001" not in done.stdout + done.stderr


@pytest.mark.usefixtures("first")
def test_nothing_new_changes_nothing_and_is_quick(data: Path) -> None:
    before = _stores(data)
    started = time.perf_counter()
    done, facts = _run(data)
    seconds = time.perf_counter() - started
    assert done.returncode == 0
    assert "nothing is new since run" in done.stderr
    assert facts["published"] == (data / "serving" / "CURRENT").read_text().strip()
    assert _stores(data) == before
    assert seconds < 10


@pytest.mark.usefixtures("first")
def test_broken_accounting_blocks_and_the_last_good_version_stays(data: Path) -> None:
    """A lake file that lost rows is our own fault, not the merchant's: it must never reach a reader."""
    good = (data / "serving" / "CURRENT").read_text()
    (lake_file,) = (data / "lake" / "orders").glob("source=*/batch=*.parquet")
    whole = lake_file.read_bytes()
    duckdb.execute(f"copy (select * from '{lake_file}' limit 59) to '{lake_file}' (format parquet)")
    done, facts = _run(data, "--full-refresh")
    assert done.returncode == 1
    assert facts["published"] is None
    assert facts["checks"]["failed"] == 1
    assert "60 accepted" in facts["blocked"][0]
    assert "59 in lake" in facts["blocked"][0]
    assert done.stderr.splitlines()[-1].startswith("luyue: run ")
    assert (data / "serving" / "CURRENT").read_text() == good
    lake_file.write_bytes(whole)
    assert "the last run did not finish" in _due_reasons(data)


@pytest.mark.long
@pytest.mark.usefixtures("first")
def test_past_cut_off_has_a_folder_of_its_own(data: Path) -> None:
    before = (data / "serving" / "CURRENT").read_text()
    done, facts = _run(data, "--as-of", "2026-01-31 00:00:00")
    assert done.returncode == 0, done.stderr[-3000:]
    assert facts["as_of"] == "2026-01-31 00:00:00"
    apart = data / "asof" / "20260131T000000"
    with duckdb.connect(str(apart / "serving" / facts["published"]), read_only=True) as connection:
        assert connection.execute("select count(*) from marts.fct_orders").fetchall() == [(0,)]
    assert (data / "serving" / "CURRENT").read_text() == before


@pytest.mark.long
@pytest.mark.usefixtures("first")
def test_full_refresh_gives_the_same_customers(data: Path) -> None:
    """It also ends the block: the state after it is that of a finished run."""
    query = "select source, source_record_id, customer_id from marts.bridge_customer_records order by all"
    files = [data / "serving" / (data / "serving" / "CURRENT").read_text().strip()]
    done, facts = _run(data, "--full-refresh")
    assert done.returncode == 0, done.stderr[-3000:]
    files.append(data / "serving" / facts["published"])
    found = []
    for file in files:
        with duckdb.connect(str(file), read_only=True) as connection:
            found.append(connection.execute(query).fetchall())
    assert found[0]
    assert found[0] == found[1]
    assert "nothing is new" in _run(data)[0].stderr
