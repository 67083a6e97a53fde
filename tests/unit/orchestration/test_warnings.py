"""Every warning of a run is a sentence for people: what is so, where, and what to do about it."""

from __future__ import annotations

import json
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import polars as pl
import pytest
import yaml

from dagster_project import settings as settings_module
from dagster_project.lib import checks, dbt_project
from dagster_project.lib.ledger import Ledger

AS_OF = datetime(2026, 1, 31, 12)
PROJECT = dbt_project.PROJECT
TEST = "test.luyue.no_such_step_fct_x_.2f32"


def _ran(folder: Path, status: str, failures: int) -> Path:
    """The results of a dbt that ran one test, and a manifest in which the test has a sentence."""
    entry = {"unique_id": TEST, "status": status, "failures": failures, "message": f"Got {failures} results"}
    (folder / dbt_project.RESULTS).write_text(json.dumps({"results": [entry]}), encoding="utf-8")
    told = {"config": {"meta": {"told": "steps that no row allows: {count}; add them"}}}
    (folder / "manifest.json").write_text(json.dumps({"nodes": {TEST: told}}), encoding="utf-8")
    return folder / "manifest.json"


@pytest.mark.parametrize(
    ("status", "line"),
    [
        ("warn", "steps that no row allows: 1,200; add them"),
        ("fail", "no_such_step_fct_x_: 1200 rows"),
    ],
)
def test_a_test_that_warns_is_told_by_its_sentence(tmp_path: Path, status: str, line: str) -> None:
    """One that blocks is the project's own fault, and told by the name that an engineer looks for."""
    manifest = _ran(tmp_path, status, 1_200)
    (result,) = dbt_project.results(tmp_path, manifest)
    assert result.line == line


def test_without_warnings_no_manifest_is_needed(tmp_path: Path) -> None:
    manifest = _ran(tmp_path, "pass", 0)
    manifest.unlink()
    (result,) = dbt_project.results(tmp_path, manifest)
    assert result.outcome == "passed"


def _tests(part: Any) -> list[dict[str, Any]]:  # noqa: ANN401 (whatever YAML holds)
    """The configurations of all data tests in a part of a YAML file."""
    if isinstance(part, list):
        return [found for each in part for found in _tests(each)]
    if not isinstance(part, dict):
        return []
    own = [
        body["config"]
        for test in part.get("data_tests") or ()
        if isinstance(test, dict)
        for body in test.values()
        if "config" in (body or {})
    ]
    return own + [found for each in part.values() for found in _tests(each)]


def test_each_test_that_may_warn_has_a_sentence_with_its_count() -> None:
    """Without one a run would show the test's name. Singular tests do not warn."""
    files = sorted(PROJECT.rglob("models/**/*.yml"))
    configs = [config for path in files for config in _tests(yaml.safe_load(path.read_text("utf-8")))]
    warning = [config for config in configs if config.get("severity") == "warn"]
    assert warning
    for config in warning:
        told = config["meta"]["told"]
        assert "{count}" in told and told.format(count="7")
    assert not [path for path in PROJECT.rglob("tests/*.sql") if "warn" in path.read_text("utf-8")]


def _ledger(**changed: object) -> Ledger:
    """One batch of douyin_orders a day, of 100 rows; the last one is changed."""
    usual = {
        "source": "douyin_orders", "source_file": "a.csv", "feed": "orders", "state": "accepted",
        "rows_read": 100, "rows_accepted": 100, "rows_refused": 0, "rows_totals": 0, "lake_size": 1,
        "lake_rows": 100, "had_vault": False, "has_vault": False, "unknown_states": "{}",
    }  # fmt: skip
    days = [usual | {"exported_at": AS_OF - timedelta(days=back)} for back in (4, 3, 2, 1)]
    return Ledger(pl.DataFrame([*days, usual | {"exported_at": AS_OF} | changed]), ())


def _lines(taken: Ledger, as_of: datetime = AS_OF) -> dict[str, str]:
    settings = settings_module.load(data=Path("nowhere"), env={})
    outcomes = checks.ingestion_checks(taken, 0, {}) + checks.expected_checks(settings, taken, as_of)
    return {one.name: one.line for one in outcomes if one.result == "warned"}


def test_what_exports_lack_is_told_with_what_to_do() -> None:
    """The sentence comes first, then the source with its owner and figures, then what to do."""
    assert not _lines(_ledger())
    late = _lines(_ledger(), AS_OF + timedelta(days=3))
    assert late["exports_fresh"].startswith(
        "no new export for longer than the contract allows: douyin_orders ("
    )
    assert "ask the source's owner" in late["exports_fresh"]
    few = _lines(_ledger(rows_read=1, rows_accepted=1, lake_rows=1))
    assert few["volume_usual"].startswith(
        "the newest day brought fewer or more rows than usual: douyin_orders"
    )
    strange = _lines(_ledger(unknown_states='{"拣货中": 60}'))
    assert "60 of 100 rows" in strange["unknown_states_few"]
    assert "douyin_orders: 拣货中 (60 rows)" in strange["states_known"]
    assert all("luyue quarantine replay --all" in line for line in strange.values())


def test_refusals_are_told_with_where_to_look() -> None:
    (told,) = [one for one in checks.ingestion_checks(_ledger(), 1, {"a: b": 2}) if one.result == "warned"]
    assert told.line == "refused in this run: files 1, rows 2; luyue quarantine list tells which and why"
