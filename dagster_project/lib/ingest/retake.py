"""Taking files again: after a contract was mended, a batch is read anew and replaces what it was before.

A batch taken again keeps its export time (unless the file's name now tells another) and its place in the
order of arrival, so that which export of a row is the newest does not change. Its new rows appear under a new
generation of its id; the ledger entry of that is the commit: killed before it, the old batch stays as it was,
killed after it, the next start sweeps the old one away. Which batches deserve it is decided by the caller,
who holds the lock of the data folder.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from dagster_project.lib.ingest import scanning
from dagster_project.lib.ingest.batch_facts import Batch
from dagster_project.lib.ingest.contracts.contract import Contract, load_contract
from dagster_project.lib.ingest.contracts.exported import exported_at
from dagster_project.lib.ingest.contracts.fingerprints import fingerprint
from dagster_project.lib.ingest.contracts.folders import source_folders
from dagster_project.lib.ingest.generations import content_of, following
from dagster_project.lib.ingest.origin import Origin
from dagster_project.lib.ingest.originals import Originals
from dagster_project.lib.ingest.retake_rows import batch_of_rows
from dagster_project.lib.ingest.scanning import FoundFile
from dagster_project.lib.ingest.store import Store, read_entries
from dagster_project.lib.ingest.taking import take
from dagster_project.settings import Settings
from identity.vault import VaultKey

Entry = dict[str, Any]
"""One row of the batch ledger."""
Progress = Callable[[int, int, str], None]


@dataclass(frozen=True)
class Retaken:
    """What became of one batch. `outcome`: retaken; unchanged (the same contract, the same counts); kept (the
    present contract would accept fewer rows); lost (neither the file nor its refused rows can be read again).
    """

    source: str
    source_file: str
    batch_id: str
    outcome: str
    by: str
    """`file`, or `rows` where the file is gone and its refused rows were read from the vault."""
    accepted_before: int
    accepted: int
    refused: int
    reason: str
    """Why the file is still refused, or why nothing was done; else empty."""


def retake(
    settings: Settings,
    batch_ids: Iterable[str],
    key: VaultKey,
    *,
    allow_fewer: bool = False,
    progress: Progress | None = None,
) -> list[Retaken]:
    """Takes the files of these batches again, under the contracts as they are now.

    `batch_ids` are ids in force. A batch that would come to fewer accepted rows stays as it is, unless
    `allow_fewer`. Raises ContractError for a contract that cannot be used, KeyError for an unknown id.
    """
    store = Store(settings, key)
    in_force = scanning.taken_batches(settings.lake)
    store.prepare(in_force.values())
    entries = read_entries(settings.lake, [in_force[content_of(batch_id)] for batch_id in batch_ids])
    if not entries:
        return []
    index = scanning.read_index(settings.lake)
    index.batches = -1
    scanning.write_index(settings.lake, index)
    results = []
    for result in _each(settings, store, key, entries, allow_fewer):
        results.append(result)
        if progress:
            progress(len(results), len(entries), result.source_file)
    store.prepare(scanning.taken_batches(settings.lake).values())
    return results


def _each(
    settings: Settings, store: Store, key: VaultKey, entries: list[Entry], allow_fewer: bool
) -> Iterator[Retaken]:
    contracts = contracts_of(settings, entries)
    originals = Originals(settings)
    files: list[tuple[FoundFile, Origin]] = []
    of_content = {content_of(entry["batch_id"]): entry for entry in entries}
    for entry in entries:
        contract = contracts.get(entry["source"])
        if contract is None:
            yield lost(entry, f"no contract for {entry['source']} any more")
            continue
        file = originals.find(entry["source"], entry["source_file"], content_of(entry["batch_id"]))
        origin = origin_of(entry, contract)
        if file is not None:
            files.append((file, origin))
            continue
        batch, reason = batch_of_rows(settings, entry, origin, key)
        if batch is None:
            yield lost(entry, reason)
            continue
        store.write_rows(batch)
        yield _commit(store, entry, batch, entry["content_sha256"], "rows", allow_fewer)
    for taken in take(files, store, key):
        entry = of_content[taken.file.batch_id]
        if taken.batch is None:
            yield lost(entry, "the file changed while it was read; run again")
        else:
            yield _commit(store, entry, taken.batch, taken.content_sha256, "file", allow_fewer)


def judged(
    entry: Entry,
    contract: Contract,
    counts: tuple[int, int],
    reason: str,
    by: str,
    *,
    allow_fewer: bool,
) -> Retaken:
    """What a batch read again deserves. `counts`: rows accepted and refused under the present contract."""
    accepted, refused = counts
    same_rules = fingerprint(contract) == entry["contract_fingerprint"]
    if same_rules and counts == (entry["rows_accepted"], entry["rows_refused"]):
        return _result(entry, "unchanged", by, accepted, refused, reason)
    if accepted < entry["rows_accepted"] and not allow_fewer:
        told = f"the contract accepts {accepted} rows now, and accepted {entry['rows_accepted']} then"
        return _result(entry, "kept", by, accepted, refused, f"{told}; {reason}".rstrip("; "))
    return _result(entry, "retaken", by, accepted, refused, reason)


def lost(entry: Entry, reason: str) -> Retaken:
    """A batch that cannot be read again."""
    return _result(entry, "lost", "", entry["rows_accepted"], entry["rows_refused"], reason)


def _commit(
    store: Store, entry: Entry, batch: Batch, content_sha256: str, by: str, allow_fewer: bool
) -> Retaken:
    """Commits a batch that was read again, or leaves what is in force."""
    reason = "" if batch.refusal is None else f"{batch.refusal.code}: {batch.refusal}"
    counts = (batch.rows_accepted, batch.rows_refused)
    result = judged(entry, batch.origin.contract, counts, reason, by, allow_fewer=allow_fewer)
    if result.outcome == "retaken":
        store.commit(batch, content_sha256, entry["arrival_seq"])
    return result


def _result(entry: Entry, outcome: str, by: str, accepted: int, refused: int, reason: str) -> Retaken:
    named = (entry["source"], entry["source_file"], entry["batch_id"])
    return Retaken(*named, outcome, by, entry["rows_accepted"], accepted, refused, reason)


def origin_of(entry: Entry, contract: Contract) -> Origin:
    """What the batch says of itself: as before, but for an export time that the name tells now."""
    name = entry["source_file"].rpartition("/")[2]
    no_time = 0
    told = exported_at(contract, name, no_time)
    at = entry["exported_at"] if told == exported_at(contract, "", no_time) else told
    return Origin(contract, following(entry["batch_id"]), entry["source_file"], at, name)


def contracts_of(settings: Settings, entries: Iterable[Entry]) -> dict[str, Contract]:
    """The present contracts of the entries' sources; a source that has none any more is left out."""
    folders = source_folders(settings.channels)
    sources = sorted({entry["source"] for entry in entries} & folders.keys())
    return {source: load_contract(folders[source]) for source in sources}
