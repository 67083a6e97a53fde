"""The whole job run in this process: Dagster's home in the data folder, dead runs put right, one execution.

Imports Dagster only inside its functions: the CLI starts without it.
"""

from __future__ import annotations

import json
import os
import uuid
from contextlib import redirect_stdout
from datetime import datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

from dagster_project.lib import alive
from dagster_project.lib.runs import write_text
from dagster_project.lib.session import Session
from dagster_project.settings import Settings

if TYPE_CHECKING:
    import dagster as dg

JOB = "refresh"
START_SECONDS = 120
"""A run from Dagster's pages needs about 10 s until it holds its mark; after this it counts as dead."""
_INSTANCE = """\
# Written by luyue; what is changed here is kept only if the first line is removed.
telemetry: {enabled: false}
nux: {enabled: false}
concurrency:
  runs: {max_concurrent_runs: 1}
event_log_storage:
  module: dagster_project.event_log
  class: SharedEngineEventLog
  config: {base_dir: HOME/history/runs}
compute_logs:
  module: dagster.core.storage.noop_compute_log_manager
  class: NoOpComputeLogManager
"""


def execute(session: Session) -> bool:
    """Runs the job over the session's folders; whether every step succeeded. Its facts say what failed."""
    settings = session.settings
    prepare_home(settings)
    with session.stage("prepare"):
        import dagster as dg

        instance = dg.DagsterInstance.get()
        for line in recover_dead_runs(instance, settings.dagster_home):
            session.say(line)
        from dagster_project.definitions import defs

        job = defs.resolve_job_def(JOB)
    dagster_run_id = str(uuid.uuid4())
    with (
        alive.mark(settings.dagster_home, dagster_run_id),
        (settings.dagster_home / "last_run.log").open("w", encoding="utf-8") as sink,
        redirect_stdout(sink),
    ):
        try:
            result = job.execute_in_process(
                run_id=dagster_run_id,
                instance=instance,
                raise_on_error=False,
                resources={"session": session},
                run_config={"loggers": {"console": {"config": {"log_level": "CRITICAL"}}}},
            )
        except dg.DagsterExecutionInterruptedError as error:
            raise KeyboardInterrupt from error
    alive.forget(settings.dagster_home, dagster_run_id)
    return bool(result.success)


def prepare_home(settings: Settings) -> None:
    """Makes DATA/dagster Dagster's home and tells this process, and its children, where the data are."""
    home = settings.dagster_home
    home.mkdir(parents=True, exist_ok=True)
    config = home / "dagster.yaml"
    first = _INSTANCE.splitlines()[0]
    if not config.exists() or config.read_text(encoding="utf-8").splitlines()[:1] == [first]:
        write_text(config, _INSTANCE.replace("HOME/history/runs", json.dumps(str(home / "history" / "runs"))))
    os.environ.update(
        DAGSTER_HOME=str(home),
        DAGSTER_DISABLE_TELEMETRY="yes",
        LUYUE_DATA=str(settings.data),
        LUYUE_LANDING=str(settings.landing),
        LUYUE_VAULT_KEY_FILE=str(settings.vault_key_file),
    )


def recover_dead_runs(instance: dg.DagsterInstance, home: Path, now: datetime | None = None) -> list[str]:
    """Marks runs failed whose process is gone and frees the slots they hold; one line for each.

    A run that merely waits for the lock is alive and left alone. Call it under the data folder's lock.
    """
    import dagster as dg

    now = now or datetime.now().astimezone()
    started = [dg.DagsterRunStatus.STARTING, dg.DagsterRunStatus.STARTED, dg.DagsterRunStatus.CANCELING]
    lines = []
    for record in instance.get_run_records(dg.RunsFilter(statuses=started)):
        run = record.dagster_run
        is_young = now - record.create_timestamp < timedelta(seconds=START_SECONDS)
        if alive.is_alive(home, run.run_id) or (is_young and not alive.was_marked(home, run.run_id)):
            continue
        instance.report_run_failed(run, "The process of this run is gone; marked failed by the next run.")
        instance.event_log_storage.free_concurrency_slots_for_run(run.run_id)
        alive.forget(home, run.run_id)
        lines.append(f"run {run.run_id[:8]} was killed: marked failed, its slots are free")
    return lines
