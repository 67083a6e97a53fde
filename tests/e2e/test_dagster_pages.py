"""Dagster as an operator runs it: its sensor takes a settled file, a day is taken again, a run follows."""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import time
import urllib.request
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from integration.orchestration import tiny_exports
from support.command import BIN, luyue

pytestmark = [pytest.mark.long, pytest.mark.timeout(1200)]
STARTUP_SECONDS, RUN_SECONDS = 180, 420
SOURCE, DAY = "luyue_orders", "2026-02-01"
REPOSITORY = {"repositoryName": "__repository__", "repositoryLocationName": "luyue"}


class Pages:
    """Dagster's GraphQL, as its own pages use it."""

    def __init__(self, port: int) -> None:
        self.url = f"http://127.0.0.1:{port}/graphql"

    def ask(self, query: str, **variables: object) -> Any:  # noqa: ANN401 (GraphQL's answer)
        """The `data` of the answer; AssertionError where there are errors."""
        body = json.dumps({"query": query, "variables": variables}).encode()
        request = urllib.request.Request(self.url, body, {"Content-Type": "application/json"})
        with urllib.request.urlopen(request, timeout=60) as answer:
            told = json.load(answer)
        assert "errors" not in told, told["errors"]
        return told["data"]

    def runs(self, job: str) -> list[dict[str, Any]]:
        """The runs of a job, newest first."""
        query = """query($job: String!) { runsOrError(filter: {pipelineName: $job}) {
            ... on Runs { results { runId status tags { key value } } } } }"""
        return list(self.ask(query, job=job)["runsOrError"]["results"])


def _until(what: str, seconds: float, ask: Callable[[], Any]) -> Any:  # noqa: ANN401 (whatever was asked for)
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        if answer := ask():
            return answer
        time.sleep(2)
    raise AssertionError(f"not within {seconds:.0f} s: {what}")


def _succeeded(pages: Pages, job: str, tag: str) -> list[dict[str, Any]]:
    runs = pages.runs(job)
    failed = [run for run in runs if run["status"] in ("FAILURE", "CANCELED")]
    assert not failed, failed
    return [run for run in runs if run["status"] == "SUCCESS" and tag in {t["key"] for t in run["tags"]}]


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("pages") / "data"
    tiny_exports.write(folder / "landing")
    return folder


@pytest.fixture(scope="module")
def pages(data: Path) -> Iterator[Pages]:
    """`dagster dev` over the data folder, as `make dagster` starts it; ended with all its processes."""
    (data / "dagster").mkdir(parents=True)
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    env = {**os.environ, "LUYUE_DATA": str(data), "DAGSTER_HOME": str(data / "dagster")}
    env |= {"PATH": f"{BIN}{os.pathsep}/usr/bin:/bin", "LUYUE_SETTLED_SECONDS": "1"}
    command = [str(BIN / "dagster"), "dev", "-m", "dagster_project.definitions", "-h", "127.0.0.1"]
    log = data.parent / "dagster.txt"
    with log.open("w") as sink:
        process = subprocess.Popen(
            [*command, "-p", str(port)], env=env, stdout=sink, stderr=sink, start_new_session=True
        )
    made = Pages(port)
    try:
        _until(f"the pages answer, see {log}", STARTUP_SECONDS, lambda: _answers(made))
        yield made
    finally:
        os.killpg(process.pid, signal.SIGINT)
        try:
            process.wait(30)
        except subprocess.TimeoutExpired:
            os.killpg(process.pid, signal.SIGKILL)
            process.wait()


def _answers(pages: Pages) -> bool:
    try:
        found = pages.ask(
            "{ repositoriesOrError { ... on RepositoryConnection { nodes { name location { name } } } } }"
        )
    except OSError:
        return False
    nodes = found["repositoriesOrError"].get("nodes", [])
    for node in nodes:
        REPOSITORY["repositoryName"] = node["name"]
        REPOSITORY["repositoryLocationName"] = node["location"]["name"]
    return bool(nodes)


@pytest.fixture(scope="module")
def run_by_sensor(pages: Pages) -> list[dict[str, Any]]:
    """The runs that the sensor, once turned on, starts for the files in landing/; the first has succeeded."""
    start = """mutation($s: SensorSelector!) { startSensor(sensorSelector: $s) {
        ... on Sensor { sensorState { status } } } }"""
    pages.ask(start, s={**REPOSITORY, "sensorName": "new_files"})
    runs: list[dict[str, Any]] = _until(
        "the sensor's run succeeds", RUN_SECONDS, lambda: _succeeded(pages, "refresh", "dagster/sensor_name")
    )
    return runs


@pytest.mark.usefixtures("run_by_sensor")
def test_sensor_starts_a_run_for_settled_files(data: Path) -> None:
    assert (data / "serving" / "CURRENT").exists()
    assert luyue("status", "--data", data, "--json", cwd=data.parent).json["due"] == []


def test_schedule_is_on_and_will_tick(pages: Pages) -> None:
    query = """query($s: ScheduleSelector!) { scheduleOrError(scheduleSelector: $s) { ... on Schedule {
        executionTimezone scheduleState { status } futureTicks(limit: 1) { results { timestamp } } } } }"""
    found = pages.ask(query, s={**REPOSITORY, "scheduleName": "every_morning"})["scheduleOrError"]
    assert found["executionTimezone"] == "Asia/Shanghai"
    assert found["scheduleState"]["status"] == "RUNNING"
    assert found["futureTicks"]["results"][0]["timestamp"] > time.time()


@pytest.mark.usefixtures("run_by_sensor")
def test_checks_and_metadata_are_on_the_asset_pages(pages: Pages) -> None:
    query = """query($k: AssetKeyInput!) { assetNodeOrError(assetKey: $k) { ... on AssetNode {
        assetMaterializations(limit: 1) { metadataEntries { label } }
        assetChecksOrError { ... on AssetChecks { checks { name blocking } } } } } }"""
    orders = pages.ask(query, k={"path": ["lake", "orders"]})["assetNodeOrError"]
    labels = {entry["label"] for entry in orders["assetMaterializations"][0]["metadataEntries"]}
    assert {"files", "rows_read", "rows_accepted", "rows_refused", "newest_export", "notices"} <= labels
    ledger = pages.ask(query, k={"path": ["lake", "batches"]})["assetNodeOrError"]
    checks = {check["name"]: check["blocking"] for check in ledger["assetChecksOrError"]["checks"]}
    names = {"exports_fresh", "volume_usual", "unknown_states_few"}
    assert checks == {"rows_add_up": True, **dict.fromkeys(names, False)}


@pytest.mark.usefixtures("run_by_sensor")
def test_one_source_and_day_is_taken_again_and_a_run_follows(pages: Pages, data: Path) -> None:
    launch = """mutation($e: ExecutionParams!) { launchPipelineExecution(executionParams: $e) {
        __typename ... on LaunchRunSuccess { run { runId } } ... on PythonError { message } } }"""
    selector = {**REPOSITORY, "pipelineName": "retake"}
    config = {"ops": {"take_day_again": {"config": {"source": SOURCE, "day": DAY, "accept_fewer": True}}}}
    told = pages.ask(launch, e={"selector": selector, "runConfigData": config, "mode": "default"})
    assert told["launchPipelineExecution"]["__typename"] == "LaunchRunSuccess", told
    _until(
        "the day is taken again",
        RUN_SECONDS,
        lambda: [r for r in pages.runs("retake") if r["status"] == "SUCCESS"],
    )
    follows = "dagster/sensor_name"
    _until("a run follows", RUN_SECONDS, lambda: len(_succeeded(pages, "refresh", follows)) > 1)
    facts = luyue("status", "--data", data, "--json", cwd=data.parent).json
    assert facts["due"] == []
