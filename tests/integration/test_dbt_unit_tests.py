"""dbt's own unit tests: each rule and boundary of the KPIs on a few rows, beside its model in dbt/models.

A run of `luyue` leaves them out, since they test code and not data; here all of them run, on empty tables.
"""

from __future__ import annotations

import json
import os
import subprocess
from pathlib import Path

import yaml
from support.command import BIN
from support.dbt_build import PROJECT
from support.small_lake import write_lake


def test_every_unit_test_of_the_models_passes(tmp_path: Path) -> None:
    """All that the YAML names have run, and none failed: a unit test that is skipped proves nothing."""
    done = subprocess.run(
        [
            *(str(BIN / "dbt"), "--quiet", "--no-use-colors", "build", "--empty"),
            *("--resource-type", "seed", "--resource-type", "model", "--resource-type", "unit_test"),
            *("--project-dir", str(PROJECT), "--profiles-dir", str(PROJECT)),
            *("--target-path", str(tmp_path / "target"), "--log-path", str(tmp_path / "logs")),
        ],
        env={
            **os.environ,
            **write_lake(tmp_path, {}),
            "LUYUE_AS_OF": "2026-01-10 00:00:00",
            "DBT_ENV_SECRET_LUYUE_WAREHOUSE": str(tmp_path / "warehouse.duckdb"),
        },
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout[-6000:]
    results = json.loads((tmp_path / "target" / "run_results.json").read_text("utf-8"))["results"]
    ran = {
        r["unique_id"].split(".")[-1]: r["status"] for r in results if r["unique_id"].startswith("unit_test.")
    }
    assert ran.keys() == _written()
    assert set(ran.values()) == {"pass"}


def _written() -> set[str]:
    """Names of all unit tests in the YAML beside the models."""
    documents = [yaml.safe_load(path.read_text("utf-8")) for path in (PROJECT / "models").rglob("*.yml")]
    return {test["name"] for document in documents for test in (document or {}).get("unit_tests", [])}
