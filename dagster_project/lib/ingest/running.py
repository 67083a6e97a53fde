"""One ingestion: every new file of the landing folder into the lake, the vault, the quarantine and the
ledger.

Files are read on several threads or workers (taking.py) and committed one after the other, by export time.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

import polars as pl

from dagster_project.lib.ingest.batch import Origin
from dagster_project.lib.ingest.contracts.contract import Contract, load_contract
from dagster_project.lib.ingest.contracts.exported import exported_at
from dagster_project.lib.ingest.contracts.folders import source_folders
from dagster_project.lib.ingest.scanning import (
    FoundFile,
    Index,
    Scan,
    read_index,
    scan,
    taken_batches,
    write_index,
)
from dagster_project.lib.ingest.store import Store, read_ledger
from dagster_project.lib.ingest.taking import Taken, take
from dagster_project.lib.vault_store import key_of
from dagster_project.settings import Settings

COUNTS = (
    "files",
    "files_refused",
    "files_skipped",
    "rows_read",
    "rows_accepted",
    "rows_refused",
    "rows_totals",
)
Progress = Callable[[int, int, str], None]


@dataclass
class IngestResult:
    """What this ingestion did. `sources` has the counts of the run facts, for each source with a file that
    counts."""

    sources: dict[str, dict[str, int]] = field(default_factory=dict)
    notices: list[str] = field(default_factory=list)
    refused_files: list[str] = field(default_factory=list)
    newest_exported_at: datetime | None = None
    """Newest export time of all accepted batches, of earlier runs too."""

    def count(self, source: str, **counts: int) -> None:
        """Adds to the counts of a source."""
        row = self.sources.setdefault(source, dict.fromkeys(COUNTS, 0))
        for name, value in counts.items():
            row[name] += value


def ingest(settings: Settings, found: Scan | None = None, progress: Progress | None = None) -> IngestResult:
    """Takes every new file. The caller holds the data folder's lock.

    `progress` is called after each file with how many are done, how many there are, and its name. Raises
    ContractError for a contract that cannot be used, VaultError for an unusable key; a bad file raises
    nothing.
    """
    found = found or scan(settings)
    result = IngestResult(notices=list(found.notices))
    index = _index(settings.lake)
    kept = dict(found.unchanged)
    earlier = _earlier_paths(settings.lake, found.seen)
    for file in found.seen:
        if file.source_file not in earlier:
            _skip(result, file, "the same content was taken before")
        kept[file.source_file] = file
    store = Store(settings, key := key_of(settings))
    store.prepare(taken_batches(settings.lake).values())
    if found.new:
        files = _in_order(found.new, _contracts(settings, found.new), result, kept)
        for done, taken in enumerate(take(files, store, key), start=1):
            _commit(store, taken, index, result, kept)
            if progress:
                progress(done, len(files), taken.file.source_file)
    index.files = {name: [file.size, file.mtime_ns, file.batch_id] for name, file in kept.items()}
    index.batches = len(taken_batches(settings.lake))
    write_index(settings.lake, index)
    newest = index.newest_exported_at
    result.newest_exported_at = datetime.fromisoformat(newest) if newest else None
    return result


def _index(lake: Path) -> Index:
    """The index of files; where a killed run left it behind the ledger, its figures are made anew from
    that."""
    index = read_index(lake)
    if index.batches != len(taken_batches(lake)):
        ledger = read_ledger(lake)
        newest = ledger.filter(state="accepted")["exported_at"].max()
        last = ledger["arrival_seq"].max()
        index.newest_exported_at = newest.isoformat() if isinstance(newest, datetime) else None
        index.next_seq = last + 1 if isinstance(last, int) else 1
    return index


def _earlier_paths(lake: Path, seen: Iterable[FoundFile]) -> set[str]:
    """Of files whose content is taken: those that were themselves taken, as a killed run or a touch leaves
    them."""
    contents = {file.batch_id for file in seen}
    if not contents:
        return set()
    taken = taken_batches(lake)
    entries = [lake / "_batches" / f"{taken[content]}.parquet" for content in sorted(contents)]
    return set(pl.read_parquet(entries, columns=["source_file"])["source_file"])


def _contracts(settings: Settings, files: Iterable[FoundFile]) -> dict[str, Contract]:
    folders = source_folders(settings.channels)
    return {source: load_contract(folders[source]) for source in sorted({file.source for file in files})}


def _in_order(
    files: Iterable[FoundFile],
    contracts: dict[str, Contract],
    result: IngestResult,
    kept: dict[str, FoundFile],
) -> list[tuple[FoundFile, Origin]]:
    """Files with what their batches say of themselves, by export time, then arrival; equal contents once."""
    origins = []
    for file in files:
        contract = contracts[file.source]
        at = exported_at(contract, file.path.name, file.mtime_ns)
        origins.append((file, Origin(contract, file.batch_id, file.source_file, at, file.path.name)))
    origins.sort(key=lambda pair: (pair[1].exported_at, pair[0].mtime_ns, pair[0].source_file))
    first: dict[str, tuple[FoundFile, Origin]] = {}
    for file, origin in origins:
        if file.batch_id in first:
            _skip(result, file, f"the same content as {first[file.batch_id][0].source_file}")
            kept[file.source_file] = file
        else:
            first[file.batch_id] = (file, origin)
    return list(first.values())


def _commit(
    store: Store, taken: Taken, index: Index, result: IngestResult, kept: dict[str, FoundFile]
) -> None:
    file, batch = taken.file, taken.batch
    if batch is None:
        result.notices.append(f"{file.source_file}: changed while it was read; the next run takes it")
        return
    store.commit(batch, taken.content_sha256, index.next_seq)
    index.next_seq += 1
    kept[file.source_file] = file
    result.count(
        file.source,
        files=1,
        files_refused=int(batch.refusal is not None),
        rows_read=batch.rows_read,
        rows_accepted=batch.rows_accepted,
        rows_refused=batch.rows_refused,
        rows_totals=batch.rows_totals,
    )
    result.notices += [f"{file.source_file}: {notice}" for notice in batch.notices]
    if batch.refusal is not None:
        result.refused_files.append(f"{file.source_file}: {batch.refusal.code}: {batch.refusal.reason}")
        return
    at = batch.origin.exported_at.isoformat()
    index.newest_exported_at = max(index.newest_exported_at or at, at)


def _skip(result: IngestResult, file: FoundFile, why: str) -> None:
    result.count(file.source, files_skipped=1)
    result.notices.append(f"{file.source_file}: skipped, {why}")
