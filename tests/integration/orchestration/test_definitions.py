"""What Dagster loads: a graph by stage without loose ends, blocking where it must, from an empty folder."""

from __future__ import annotations

import json
import os
import subprocess
import sys

import pytest

SCRIPT = """
import json
import dagster as dg
from dagster_project.definitions import defs
graph = defs.resolve_asset_graph()
keys = graph.get_all_asset_keys()
print(json.dumps({
    "groups": {key.to_user_string(): graph.get(key).group_name for key in keys},
    "loose": [key.to_user_string() for key in keys if not graph.get(key).is_materializable],
    "undescribed": [key.to_user_string() for key in keys
                    if not graph.get(key).description and key.path[0] != "reference"],
    "published_after": sorted(key.to_user_string()
                              for key in graph.get(dg.AssetKey(["serving", "published"])).parent_keys),
    "blocking": [key.to_user_string() for key in graph.asset_check_keys if graph.get(key).blocking],
    "checks": len(graph.asset_check_keys),
    "steps": len(defs.resolve_job_def("refresh").nodes),
    "schedule": defs.resolve_schedule_def("every_morning").execution_timezone,
    "sensor": defs.resolve_sensor_def("new_files").name,
}))
"""


@pytest.fixture(scope="module")
def loaded(tmp_path_factory: pytest.TempPathFactory) -> dict:
    data = tmp_path_factory.mktemp("definitions") / "data"
    env = {**os.environ, "LUYUE_DATA": str(data), "DAGSTER_DISABLE_TELEMETRY": "yes"}
    command = [sys.executable, "-c", SCRIPT]
    done = subprocess.run(command, env=env, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr[-3000:]
    return json.loads(done.stdout.splitlines()[-1])


def test_each_stage_is_a_group(loaded: dict) -> None:
    groups = loaded["groups"]
    assert groups["lake/orders"] == groups["lake/batches"] == "ingestion"
    assert groups["identity/addresses"] == groups["identity/customers"] == "identity"
    assert groups["staging/stg_orders"] == "staging"
    assert groups["marts/fct_orders"] == "marts_core"
    assert groups["marts/rpt_experience_index"] == "marts_experience"
    assert groups["serving/published"] == "serving"
    assert groups["quality/found"] == groups["quality/standing"] == "quality"
    assert loaded["steps"] == 8, "ingest, addresses, customers, suites, one dbt build, checks, publish, brief"


def test_graph_has_no_loose_ends(loaded: dict) -> None:
    """Every dbt source is an asset of an earlier stage; publishing waits for every mart."""
    assert loaded["loose"] == []
    marts = sorted(key for key in loaded["groups"] if key.startswith("marts/"))
    assert loaded["published_after"] == marts


def test_every_asset_says_what_it_is(loaded: dict) -> None:
    ours = ("lake/", "identity/", "quality/", "serving/", "marts/")
    assert [key for key in loaded["undescribed"] if key.startswith(ours)] == []


def test_checks_are_there_and_accounting_blocks(loaded: dict) -> None:
    ours = [check for check in loaded["blocking"] if check.startswith("lake/")]
    assert ours == ["lake/batches:rows_add_up"], "what the merchant's data gets wrong never blocks"
    assert loaded["checks"] > 50, "dbt's tests are checks"


def test_schedule_and_sensor(loaded: dict) -> None:
    assert loaded["schedule"] == "Asia/Shanghai"
    assert loaded["sensor"] == "new_files"
