"""What ingestion would make of one file, with nothing written: for people who mend a contract or an export.

How a file is read, judged and masked is the engine's work (batch.py); what is printed of it is the caller's.
"""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from pathlib import Path

import polars as pl

from dagster_project.lib.ingest.batch import Origin, build_batch
from dagster_project.lib.ingest.contracts.contract import Contract
from dagster_project.lib.ingest.contracts.exported import exported_at
from dagster_project.lib.ingest.errors import FileRefusedError
from dagster_project.lib.ingest.readers.digests import batch_id_of_file
from dagster_project.lib.ingest.readers.headers import canonical_header
from dagster_project.lib.ingest.readers.source import ByteSource
from identity.vault import VaultKey

SAMPLE_ROWS = 5


@dataclass(frozen=True)
class Preview:
    """What would become of a file. Personal values are masked everywhere."""

    rows_read: int
    rows_accepted: int
    rows_refused: int
    rows_totals: int
    refusal: FileRefusedError | None
    notices: tuple[str, ...]
    headers: tuple[str, ...]
    """As the file writes them; empty where no header row was found."""
    mapped: dict[str, str]
    """Header as written → canonical or helper column."""
    unmapped: tuple[str, ...]
    """Headers that no column is mapped from; their cells stay in `extras`."""
    missing: tuple[str, ...]
    """Columns that the contract maps and the file has no header for; `missing_required` of them refuse it."""
    missing_required: tuple[str, ...]
    quarantine: pl.DataFrame | None
    """Refused rows (columns of the quarantine), null if there is none."""
    sample: pl.DataFrame
    """The first accepted rows as the lake would hold them (columns of the feed's lake relation)."""


def dry_run(path: Path, contract: Contract, sample_rows: int = SAMPLE_ROWS) -> Preview:
    """Reads the whole file under the contract. Tokens are made with a key that is thrown away.

    A file that cannot be taken comes back with `refusal` set; OSError where the path cannot be read.
    """
    at = exported_at(contract, path.name, path.stat().st_mtime_ns)
    batch_id = batch_id_of_file(contract.source, path)
    origin = Origin(contract, batch_id, f"{contract.source}/{path.name}", at, path.name)
    key = VaultKey(encryption=secrets.token_bytes(32), token=secrets.token_bytes(32))
    batch = build_batch(ByteSource(path), origin, key)
    known = contract.known_headers()
    named = [(header, canonical_header(header)) for header in batch.headers]
    present = {canonical for _, canonical in named}
    missing = tuple(column for column, names in contract.headers.items() if not present & set(names))
    sample = pl.DataFrame(schema=contract.feed.lake_schema()) if batch.lake is None else batch.lake
    return Preview(
        batch.rows_read,
        batch.rows_accepted,
        batch.rows_refused,
        batch.rows_totals,
        batch.refusal,
        tuple(batch.notices),
        tuple(batch.headers),
        {header: known[canonical] for header, canonical in named if canonical in known},
        tuple(header for header, canonical in named if canonical and canonical not in known),
        missing,
        tuple(column for column in missing if column in contract.required),
        batch.quarantine,
        sample.head(sample_rows),
    )
