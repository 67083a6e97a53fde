"""Part of the work, on purpose: the new files of some feeds, or one source's exports of one day taken again.

How a file is taken, and taken again, is ingestion's; the marts follow with the next whole run.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Collection
from dataclasses import replace
from datetime import date

from dagster_project.lib import ledger, lock
from dagster_project.lib.errors import LuyueError
from dagster_project.lib.ingest import Scan
from dagster_project.lib.session import put_right
from dagster_project.lib.vault_store import key_of
from dagster_project.settings import Settings


def of_feeds(settings: Settings, found: Scan, feeds: Collection[str]) -> Scan:
    """The scan with the new files of these feeds only. Raises ContractError for a contract that is wrong."""
    from dagster_project.lib.ingest.contracts.contract import load_contract
    from dagster_project.lib.ingest.contracts.folders import source_folders

    folders = source_folders(settings.channels)
    sources = {file.source for file in found.new}
    wanted = {source for source in sources if load_contract(folders[source]).feed.name in feeds}
    return replace(found, new=tuple(file for file in found.new if file.source in wanted))


def retake_day(
    settings: Settings, source: str, day: date, *, allow_fewer: bool = False, say: Callable[[str], None]
) -> dict[str, int]:
    """Takes the files of one source that were exported on one day again, under the present contracts.

    Waits for the lock. Returns how many batches came to which outcome (retaken, unchanged, kept, lost).
    Raises LuyueError where no such file was ever taken.
    """
    import polars as pl

    from dagster_project.lib.ingest.retake import retake

    with lock.hold(settings.lock_file, say=say):
        put_right(settings, say)
        entries = ledger.read(settings).entries
        of_day = entries.filter(pl.col("source") == source, pl.col("exported_at").dt.date() == day)
        if of_day.is_empty():
            raise LuyueError(
                f"{source}: no file of it that was exported on {day} was ever taken; `luyue status` and "
                "Dagster's page of lake/batches tell what was"
            )
        results = retake(settings, of_day["batch_id"], key_of(settings), allow_fewer=allow_fewer)
        ledger.refresh(settings)
    for result in results:
        counts = f"{result.accepted} rows accepted, {result.accepted_before} before"
        say(f"{result.source_file}: {result.outcome}, {counts} {result.reason}".rstrip())
    return dict(Counter(result.outcome for result in results))
