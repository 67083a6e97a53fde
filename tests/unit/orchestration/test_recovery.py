"""Dead runs are marked failed, their slots freed; a run that is alive, or just starting, is left alone."""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from dagster_project.lib import alive

POOL = "warehouse"


@pytest.fixture
def instance() -> Iterator:
    import dagster as dg

    with dg.DagsterInstance.ephemeral() as ephemeral:
        yield ephemeral


def _started(instance) -> str:  # noqa: ANN001 (Dagster is imported where it is paid for)
    import dagster as dg

    run = dg.DagsterRun(job_name="refresh", run_id=str(uuid.uuid4()), status=dg.DagsterRunStatus.STARTED)
    instance.add_run(run)
    return run.run_id


def test_marked_run_without_process_is_dead(instance, tmp_path: Path) -> None:  # noqa: ANN001
    import dagster as dg

    from dagster_project.execution import recover_dead_runs

    run_id = _started(instance)
    with alive.mark(tmp_path, run_id):
        assert recover_dead_runs(instance, tmp_path) == [], "it is alive: perhaps it waits for the lock"
    instance.event_log_storage.set_concurrency_slots(POOL, 1)
    claim = instance.event_log_storage.claim_concurrency_slot(POOL, run_id, "transform")
    assert claim.is_claimed

    lines = recover_dead_runs(instance, tmp_path)

    assert lines == [f"run {run_id[:8]} was killed: marked failed, its slots are free"]
    assert instance.get_run_by_id(run_id).status == dg.DagsterRunStatus.FAILURE
    assert instance.event_log_storage.get_concurrency_info(POOL).active_slot_count == 0
    assert not alive.was_marked(tmp_path, run_id)
    assert recover_dead_runs(instance, tmp_path) == []


def test_run_without_mark_is_given_time_to_start(instance, tmp_path: Path) -> None:  # noqa: ANN001
    from dagster_project.execution import START_SECONDS, recover_dead_runs

    _started(instance)
    now = datetime.now().astimezone()
    assert recover_dead_runs(instance, tmp_path, now) == []
    assert len(recover_dead_runs(instance, tmp_path, now + timedelta(seconds=START_SECONDS + 5))) == 1
