"""The main job on the demo merchant, as a user does it: the index, the facts, and a run with nothing new."""

from __future__ import annotations

import hashlib
import json
import time
from pathlib import Path

import polars as pl
from support import marts
from support.command import luyue
from support.demo_run import DemoRun

PARTS = {
    "on_time_fulfilment_rate": 0.30,
    "anomaly_resolved_2h_rate": 0.25,
    "change_success_rate": 0.20,
    "cross_channel_merge_rate": 0.15,
    "sla_acceptance_rate": 0.10,
}
FACTS = {"run_id", "as_of", "published", "sources", "seconds", "checks", "experience_index"}


def test_the_run_writes_its_facts(demo_run: DemoRun) -> None:
    """Schedulers and people read the same JSON, printed and kept."""
    facts = demo_run.facts
    assert facts.keys() >= FACTS
    assert facts == json.loads((demo_run.data / "runs" / f"{facts['run_id']}.json").read_text("utf-8"))
    assert facts["checks"].keys() >= {"passed", "warned", "failed"}
    assert facts["checks"]["failed"] == 0
    assert (demo_run.data / "serving" / facts["published"]).stat().st_mode & 0o777 == 0o640


def test_every_row_of_the_demo_is_accounted_for(demo_run: DemoRun) -> None:
    """The demo holds bad rows and bad files on purpose: some are refused, none is lost."""
    sources = demo_run.facts["sources"]
    for name, counts in sources.items():
        total = counts["rows_accepted"] + counts["rows_refused"] + counts["rows_totals"]
        assert counts["rows_read"] == total, name
    assert sum(counts["files_refused"] for counts in sources.values()) > 0
    assert sum(counts["files_skipped"] for counts in sources.values()) > 0
    files = sum(1 for path in (demo_run.data / "landing").rglob("*") if path.is_file())
    assert sum(counts["files"] + counts["files_skipped"] for counts in sources.values()) == files


def test_the_index_is_the_weighted_sum_of_its_five_parts(demo_run: DemoRun) -> None:
    """The number on the wall follows from the five rates beside it, and each of those from its counts."""
    index = marts.read(marts.published_file(demo_run.data))["rpt_experience_index"]
    index = index.filter((index["period"] == "total") & (index["channel"] == "all"))
    total = {row["kpi"]: row for row in index.iter_rows(named=True)}
    assert total.keys() == PARTS.keys() | {"experience_index"}
    for kpi, weight in PARTS.items():
        row = total[kpi]
        assert row["status"] == "ok", row
        assert abs(row["value"] - float(row["numerator"]) / float(row["denominator"])) < 1e-9
        assert abs(float(row["weight"]) - weight) < 1e-9
    expected = 100 * sum(weight * total[kpi]["value"] for kpi, weight in PARTS.items())
    assert abs(total["experience_index"]["value"] - expected) < 1e-6
    assert 0 < expected < 100


def test_places_with_false_coordinates_are_found_and_no_other(demo_run: DemoRun) -> None:
    """One warehouse is swapped (both feeds say so), one store lost its decimal point, one is another's; of
    the warehouses that nobody uses one is swapped, and one has none."""
    findings = marts.read(marts.published_file(demo_run.data))["rpt_quality_findings"]
    places = findings.filter(pl.col("rule_code").str.starts_with("place_coordinates"))
    places = places.with_columns(pl.col("record_key").str.extract(r"^(.+?)(?:@|$)"))
    assert set(places.select("entity", "record_key", "rule_code").rows()) == {
        ("warehouse", "WH-CD", "place_coordinates_swapped"),
        ("resource", "WH-CD", "place_coordinates_swapped"),
        ("store", "ST-SZ01", "place_coordinates_scaled"),
        ("store", "ST-HZ01", "place_coordinates_far"),
        ("store", "ST-WH01", "place_coordinates_missing"),
        ("warehouse", "WX-03", "place_coordinates_missing"),
        ("warehouse", "WX-05", "place_coordinates_swapped"),
    }


def test_a_second_run_says_nothing_is_new_and_changes_no_table(demo_run: DemoRun, tmp_path: Path) -> None:
    """Schedules fire more often than files arrive: such a run costs a second and moves nothing."""
    data = demo_run.copy(tmp_path)
    before = _digests(data)
    started = time.monotonic()
    done = luyue("run", "--data", data, cwd=tmp_path)
    seconds = time.monotonic() - started
    assert done.code == 0, done.text
    assert "nothing is new" in done.text
    assert _digests(data) == before
    assert seconds < 20


def _digests(data: Path) -> dict[str, str]:
    """SHA-256 of each file of the stores."""
    found = {}
    for store in ("lake", "vault", "addresses", "identity", "serving", "runs", "warehouse.duckdb"):
        root = data / store
        for path in [root] if root.is_file() else sorted(root.rglob("*")):
            if path.is_file():
                found[path.relative_to(data).as_posix()] = hashlib.sha256(path.read_bytes()).hexdigest()
    return found
