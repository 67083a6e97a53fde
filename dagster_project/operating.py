"""What the engineer's page reads of a data folder beside the published file, and its one deed: the door from
app/ to runs, versions and refusals.

Small files only, each as it stands; what is damaged or missing is left out. The one thing that is written is
CURRENT, by a rollback.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from dagster_project.lib import inbox, lock, publish, runs
from dagster_project.lib.errors import LuyueError
from dagster_project.lib.lock import LockBusyError
from dagster_project.lib.quarantine.advice import Advice, all_advice
from dagster_project.settings import Settings

if TYPE_CHECKING:
    import polars as pl

__all__ = [
    "COUNTS",
    "Advice",
    "LockBusyError",
    "LuyueError",
    "Run",
    "all_advice",
    "in_force",
    "latest",
    "refusals",
    "refused_rows",
    "roll_back",
    "versions",
    "writer",
]

SHOWN_RUNS = 12
COUNTS = ("files", "files_refused", "rows_read", "rows_accepted", "rows_refused", "rows_totals")


@dataclass(frozen=True)
class Run:
    """One runs/<run_id>.json. `sources`: the counts of COUNTS by source."""

    run_id: str
    as_of: str
    started_at: str
    published: str | None
    seconds: Mapping[str, float]
    checks: Mapping[str, int]
    index: float | None
    sources: Mapping[str, Mapping[str, int]]
    blocked: tuple[str, ...] = field(default=())
    warnings: tuple[str, ...] = field(default=())

    @property
    def took(self) -> float:
        """Seconds of all stages."""
        return sum(self.seconds.values())

    def total(self, name: str) -> int:
        """One of COUNTS over all sources."""
        return sum(int(counts.get(name, 0)) for counts in self.sources.values())

    def by_source(self) -> pl.DataFrame:
        """COUNTS of each source that had files: source and a column a count."""
        import polars as pl

        rows = [
            {"source": name, **{each: int(counts.get(each, 0)) for each in COUNTS}}
            for name, counts in sorted(self.sources.items())
            if counts.get("files")
        ]
        return pl.DataFrame(rows, schema={"source": pl.String, **dict.fromkeys(COUNTS, pl.Int64)})


def latest(settings: Settings, limit: int = SHOWN_RUNS) -> list[Run]:
    """The newest runs, newest first."""
    return [_run(facts) for facts in runs.latest(settings, limit) if isinstance(facts, dict)]


def versions(settings: Settings) -> list[str]:
    """File names of the versions kept, newest first."""
    return publish.versions(settings)[::-1]


def in_force(settings: Settings) -> str | None:
    """The file name in CURRENT."""
    path = publish.current(settings)
    return path.name if path else None


def writer(settings: Settings) -> lock.Holder | None:
    """Who writes to the data folder now."""
    return lock.holder(settings.lock_file)


def refusals(settings: Settings) -> list[tuple[str, str, int]]:
    """Refused rows and files that no later file has replaced: (source, reason code, how many), most first."""
    import polars as pl

    counted = _open_refusals(settings).group_by("source", "reason_code").agg(n=pl.len())
    return list(counted.sort(["n", "source", "reason_code"], descending=[True, False, False]).iter_rows())


def refused_rows(settings: Settings, source: str, reason_code: str) -> pl.DataFrame:
    """Those of one source and reason, values masked."""
    shown = ("source_file", "source_line", "column_name", "value_mask", "reason", "status", "exported_at")
    return _open_refusals(settings).filter(source=source, reason_code=reason_code).select(shown)


def _open_refusals(settings: Settings) -> pl.DataFrame:
    from dagster_project.lib.quarantine.entries import entries

    return entries(settings, only_open=True)


def roll_back(settings: Settings, to: str, reason: str, by: str) -> Path:
    """Puts a version in force again, as `luyue rollback --to` does: under the lock, or not at all.

    Kept in inbox/rollbacks. Raises `lock.LockBusyError` while another process writes, LuyueError for a
    version that is not kept.
    """
    with lock.hold(settings.lock_file, wait_seconds=0):
        before = in_force(settings)
        path = publish.rollback(settings, to)
    inbox.append(settings, "rollbacks", {"by": by, "from": before, "to": path.name, "reason": reason})
    return path


def _run(facts: Mapping[str, Any]) -> Run:
    return Run(
        run_id=str(facts.get("run_id", "")),
        as_of=str(facts.get("as_of") or ""),
        started_at=str(facts.get("started_at") or ""),
        published=facts.get("published"),
        seconds=facts.get("seconds") or {},
        checks=facts.get("checks") or {},
        index=(facts.get("experience_index") or {}).get("value"),
        sources=facts.get("sources") or {},
        blocked=tuple(str(line) for line in facts.get("blocked") or ()),
        warnings=tuple(str(line) for line in facts.get("warnings") or ()),
    )
