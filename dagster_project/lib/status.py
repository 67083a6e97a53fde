"""`luyue status`: what is published and how old, the last run, who writes now, and whether a run is due."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from dagster_project.lib import arrivals, due, lock, publish, runs
from dagster_project.settings import Settings


def facts(settings: Settings, now: datetime) -> dict[str, Any]:
    """All of it, for JSON. Reads small files only; `due` is empty while another process writes."""
    path = publish.current(settings)
    shown = runs.read(settings, publish.run_id_of(path)) if path else None
    writer = lock.holder(settings.lock_file)
    last = next(iter(runs.latest(settings)), None)
    why = [] if writer else due.reasons(settings, new_files=len(arrivals.waiting(settings).files))
    return {
        "data": str(settings.data),
        "published": path.name if path else None,
        "published_at": shown["finished_at"] if shown else None,
        "as_of": shown["as_of"] if shown else None,
        "as_of_age_hours": _age_hours(shown, now),
        "experience_index": shown["experience_index"] if shown else None,
        "kept": publish.versions(settings),
        "writing": str(writer) if writer else None,
        "due": why,
        "last_run": last,
    }


def lines(status: Mapping[str, Any]) -> list[str]:
    """The same as lines to read."""
    index = status["experience_index"] or {"value": None, "status": "missing"}
    value = "missing" if index["value"] is None else f"{index['value']:.1f} of 100"
    told = [f"data          {status['data']}", f"published     {status['published'] or 'nothing yet'}"]
    if status["published"]:
        told.append(f"as of         {status['as_of']} ({status['as_of_age_hours']:,.0f} h ago)")
        told.append(f"index         {value} ({index['status']})")
        told.append(f"kept          {', '.join(status['kept'])}")
    if last := status["last_run"]:
        outcome = f"published {last['published']}" if last["published"] else "published nothing"
        told.append(f"last run      {last['run_id']}: {outcome}")
        told += [f"blocked       {line}" for line in last["blocked"]]
    told.append(f"writing now   {status['writing'] or 'nobody'}")
    told.append(f"due           {', '.join(status['due']) or 'nothing'}")
    return told


def _age_hours(shown: Mapping[str, Any] | None, now: datetime) -> float | None:
    if not shown or not shown["as_of"]:
        return None
    return round((now - datetime.strptime(shown["as_of"], due.TIME_FORMAT)).total_seconds() / 3600, 1)
