"""The figures of each version of the customers, in identity/quality-<n>.parquet: the whole history in each.

It reads what a linking left and what stewards answered, calls `identity.quality`, writes.
"""

from __future__ import annotations

import json
from datetime import datetime
from typing import TYPE_CHECKING

from dagster_project.lib import review_answers, reviewing
from dagster_project.lib.identity_files import deciding
from dagster_project.lib.runs import write_text
from dagster_project.settings import KEPT_VERSIONS, Settings

if TYPE_CHECKING:
    import polars as pl

STATE = "quality-state.json"


def write(settings: Settings, as_of: datetime) -> int:
    """Measures the version in force, beside the history; how many figures it has.

    Does nothing where it was measured already, and nobody answered anything since.
    """
    import polars as pl

    from dagster_project.lib.customers import current_version
    from identity import quality

    version = current_version(settings)
    target, state = settings.identity / f"quality-{version}.parquet", settings.identity / STATE
    entered = [
        *deciding.paths(settings),
        *sorted((settings.inbox / review_answers.UNSURE_KIND).glob("*.jsonl")),
    ]
    wanted = {"version": version, "inbox": sum(path.stat().st_size for path in entered)}
    if target.exists() and _told(settings) == wanted:
        return pl.read_parquet(target).filter(version=version).height
    history = _history(settings, version)
    queue = reviewing.queue(settings, settings.identity)
    right, hit = reviewing.estimates(queue)
    answers = quality.Answers(queue.waiting.height, queue.labels.height, right, hit)
    before = history.filter(version=history["version"].max()) if history.height else None
    events = pl.read_parquet(settings.identity / f"events-{version}.parquet")
    found = quality.measures(queue.members, queue.edges, events, answers, before)
    measured = {"version": pl.lit(version, pl.Int64), "measured_at": pl.lit(as_of).cast(pl.Datetime("us"))}
    now = found.with_columns(**measured).select(*history.columns)
    temporary = target.with_suffix(".tmp")
    pl.concat([history, now]).write_parquet(temporary, compression="zstd")
    temporary.replace(target)
    write_text(state, json.dumps(wanted) + "\n")
    for path in settings.identity.glob("quality-*.parquet"):
        if int(path.stem.removeprefix("quality-")) <= version - KEPT_VERSIONS:
            path.unlink()
    return now.height


def _history(settings: Settings, version: int) -> pl.DataFrame:
    """The measures of the versions before."""
    import polars as pl

    from identity.quality import MEASURE_SCHEMA

    schema = {"version": pl.Int64, "measured_at": pl.Datetime("us"), **MEASURE_SCHEMA}
    kept = {
        int(path.stem.removeprefix("quality-")): path for path in settings.identity.glob("quality-*.parquet")
    }
    if not kept:
        return pl.DataFrame(schema=schema)
    return pl.read_parquet(kept[max(kept)]).select(*schema).filter(pl.col("version") < version)


def _told(settings: Settings) -> object:
    try:
        return json.loads((settings.identity / STATE).read_text(encoding="utf-8"))
    except (FileNotFoundError, ValueError):
        return None
