"""`luyue quarantine replay`: which batches are taken again, what came of it, and a rehearsal that writes
nothing.

How a batch is replaced without doubling a row is `lib/ingest/retake.py`.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import polars as pl

from dagster_project.lib.errors import LuyueError
from dagster_project.lib.ingest.contracts.contract import Contract
from dagster_project.lib.ingest.contracts.fingerprints import fingerprint
from dagster_project.lib.ingest.generations import content_of
from dagster_project.lib.ingest.originals import Originals
from dagster_project.lib.ingest.preview import dry_run
from dagster_project.lib.ingest.retake import Entry, Retaken, contracts_of, judged, lost, origin_of
from dagster_project.lib.ingest.retake_rows import batch_of_rows
from dagster_project.lib.ingest.store import read_entries, read_ledger
from dagster_project.lib.quarantine.entries import matches, standing
from dagster_project.settings import Settings
from identity.vault import VaultKey


def chosen(
    settings: Settings, *, source: str | None = None, file: str | None = None, everything: bool = False
) -> list[str]:
    """The batches to replay: files with refusals whose contract has changed since.

    `file` names one, changed contract or not; `everything` takes files without refusals too, where their
    contract changed. Raises LuyueError where `file` was never taken.
    """
    ledger = read_ledger(settings.lake)
    if source is not None:
        ledger = ledger.filter(source=source)
    if file is not None:
        ledger = ledger.filter(matches(ledger, file))
        if not ledger.height:
            raise LuyueError(f"{file}: no file of this name was taken; put it into landing/ and `luyue run`")
        return ledger["batch_id"].to_list()
    if everything:
        return [e["batch_id"] for e in _changed(settings, ledger)]
    waiting = standing(settings).filter(status="replayable")
    return ledger.join(waiting, on="batch_id", how="semi")["batch_id"].to_list()


def rehearse(
    settings: Settings, batch_ids: Sequence[str], key: VaultKey, *, allow_fewer: bool
) -> list[Retaken]:
    """What replaying these batches would do; nothing is written."""
    entries = read_entries(settings.lake, batch_ids)
    contracts, originals = contracts_of(settings, entries), Originals(settings)
    results = []
    for entry in entries:
        contract = contracts.get(entry["source"])
        if contract is None:
            results.append(lost(entry, f"no contract for {entry['source']} any more"))
            continue
        file = originals.find(entry["source"], entry["source_file"], content_of(entry["batch_id"]))
        results.append(_rehearsed(settings, entry, contract, file.path if file else None, key, allow_fewer))
    return results


def _rehearsed(
    settings: Settings, entry: Entry, contract: Contract, path: Path | None, key: VaultKey, allow_fewer: bool
) -> Retaken:
    if path is not None:
        seen = dry_run(path, contract)
        reason = "" if seen.refusal is None else f"{seen.refusal.code}: {seen.refusal}"
        counts = (seen.rows_accepted, seen.rows_refused)
        return judged(entry, contract, counts, reason, "file", allow_fewer=allow_fewer)
    batch, reason = batch_of_rows(settings, entry, origin_of(entry, contract), key)
    if batch is None:
        return lost(entry, reason)
    counts = (batch.rows_accepted, batch.rows_refused)
    return judged(entry, contract, counts, "", "rows", allow_fewer=allow_fewer)


def _changed(settings: Settings, ledger: pl.DataFrame) -> list[Entry]:
    entries = ledger.to_dicts()
    now = {source: fingerprint(contract) for source, contract in contracts_of(settings, entries).items()}
    return [
        e for e in entries if now.get(e["source"], e["contract_fingerprint"]) != e["contract_fingerprint"]
    ]


def lines(results: Sequence[Retaken], *, rehearsed: bool) -> list[str]:
    """One line a file, and what it came to."""
    if not results:
        return ["nothing to replay: no contract of a refused file has changed; --file takes one all the same"]
    told = []
    for result in results:
        change = f"{result.accepted_before} → {result.accepted} rows accepted, {result.refused} refused"
        why = f" ({result.reason})" if result.reason else ""
        told.append(f"{result.outcome:<10} {result.source_file}: {change}{why}")
    taken = [result for result in results if result.outcome == "retaken"]
    more = sum(result.accepted - result.accepted_before for result in taken)
    verb = "would be replayed" if rehearsed else "replayed"
    told.append(f"{len(taken)} of {len(results)} files {verb}, {more:+,} rows accepted")
    return told
