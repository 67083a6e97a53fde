"""Where a batch is written: lake, vault and quarantine first, the ledger last, each by temporary name and
rename.

So a process killed at any moment leaves a batch either committed or without effect; what such a process
left behind is swept away before the next batch.
"""

from __future__ import annotations

import json
import os
import secrets
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

import polars as pl

from dagster_project.lib.feeds import load_feeds
from dagster_project.lib.ingest.batch import Batch
from dagster_project.lib.ingest.batch_facts import Batch as BatchFacts
from dagster_project.lib.ingest.batch_writer import BatchWriter
from dagster_project.lib.ingest.contracts.fingerprints import fingerprint
from dagster_project.lib.ingest.origin import Origin
from dagster_project.lib.ingest.personal.walled import walled
from dagster_project.lib.ingest.rules.checks import QUARANTINE_SCHEMA
from dagster_project.settings import Settings
from identity import vault

LEDGER_SCHEMA: dict[str, pl.DataType | type[pl.DataType]] = {
    "batch_id": pl.String, "source": pl.String, "feed": pl.String, "channel": pl.String,
    "source_file": pl.String, "content_sha256": pl.String, "exported_at": pl.Datetime("us"),
    "arrival_seq": pl.Int64, "grain": pl.String, "carried_columns": pl.String,
    "state": pl.String, "reason_code": pl.String, "reason": pl.String,
    "rows_read": pl.Int64, "rows_accepted": pl.Int64, "rows_refused": pl.Int64, "rows_totals": pl.Int64,
    "is_complete": pl.Boolean, "window_column": pl.String,
    "window_from": pl.Datetime("us"), "window_to": pl.Datetime("us"),
    "contract_version": pl.Int64, "contract_fingerprint": pl.String, "notices": pl.String,
}  # fmt: skip


class Store:
    """The written side of one data folder. The caller holds the folder's lock."""

    def __init__(self, settings: Settings, key: vault.VaultKey) -> None:
        self._lake, self._vault, self._key = settings.lake, settings.vault, key

    def prepare(self, in_force: Iterable[str]) -> None:
        """Writes the empty relations, and removes what no ledger entry in force stands for: what a killed
        run left, and batches whose file was taken again."""
        taken = set(in_force)
        for feed in load_feeds().values():
            self._relation(self._lake / feed.name, feed.lake_schema())
        self._relation(self._lake / "_batches", LEDGER_SCHEMA)
        self._relation(self._lake / "_quarantine", QUARANTINE_SCHEMA)
        for root in (self._lake, self._vault):
            for folder, _, names in os.walk(root):
                for name in names:
                    batch_id = name.removeprefix("batch=").removesuffix(".parquet")
                    orphan = name.startswith("batch=") or Path(folder).name in ("_quarantine", "_batches")
                    if name.endswith(".tmp") or (orphan and name[0] != "_" and batch_id not in taken):
                        (Path(folder) / name).unlink(missing_ok=True)

    def writer(self, origin: Origin) -> BatchWriter:
        """Takes the parts of a batch; a context that leaves nothing behind unless the writer was closed."""
        feed, source = origin.contract.feed.name, origin.contract.source
        name = f"batch={origin.batch_id}.parquet"
        return BatchWriter(
            vault=self._vault / feed / name,
            quarantine_vault=self._vault / "_quarantine" / name,
            quarantine=self._lake / "_quarantine" / f"{origin.batch_id}.parquet",
            lake=self._lake / feed / f"source={source}" / name,
            key=self._key,
        )

    def write_rows(self, batch: Batch) -> None:
        """Everything of a batch in memory but its ledger entry."""
        with self.writer(batch.origin) as writer:
            writer.put(batch.part)
            writer.close()

    def commit(self, batch: BatchFacts, content_sha256: str, arrival_seq: int) -> None:
        """Writes the ledger entry: from here on the batch is taken."""
        origin, contract, refusal = batch.origin, batch.origin.contract, batch.refusal
        batch.notices = walled(batch.notices)
        row = {
            "batch_id": origin.batch_id,
            "source": contract.source,
            "feed": contract.feed.name,
            "channel": contract.channel,
            "source_file": origin.source_file,
            "content_sha256": content_sha256,
            "exported_at": origin.exported_at,
            "arrival_seq": arrival_seq,
            "grain": contract.grain,
            "carried_columns": f",{','.join(batch.carried)}," if batch.carried else "",
            "state": "accepted" if refusal is None else "refused",
            "reason_code": None if refusal is None else refusal.code,
            "reason": None if refusal is None else refusal.reason,
            "rows_read": batch.rows_read,
            "rows_accepted": batch.rows_accepted,
            "rows_refused": batch.rows_refused,
            "rows_totals": batch.rows_totals,
            "is_complete": batch.complete_for.is_complete,
            "window_column": batch.complete_for.column,
            "window_from": batch.complete_for.start,
            "window_to": batch.complete_for.end,
            "contract_version": contract.version,
            "contract_fingerprint": fingerprint(contract),
            "notices": json.dumps(batch.notices, ensure_ascii=False),
        }
        write_frame(
            pl.DataFrame([row], schema=LEDGER_SCHEMA), self._lake / "_batches" / f"{origin.batch_id}.parquet"
        )

    def _relation(self, folder: Path, schema: Mapping[str, pl.DataType | type[pl.DataType]]) -> None:
        path = folder / "_schema.parquet"
        if not path.is_file() or pl.read_parquet_schema(path) != pl.Schema(schema):
            write_frame(pl.DataFrame(schema=schema), path)


def write_frame(frame: pl.DataFrame, path: Path) -> None:
    """Writes a Parquet file by temporary name and rename."""
    path.parent.mkdir(parents=True, exist_ok=True)
    temporary = path.with_name(f".{path.name}.{secrets.token_hex(4)}.tmp")
    try:
        frame.write_parquet(temporary, compression="zstd", compression_level=1)
        temporary.replace(path)
    finally:
        temporary.unlink(missing_ok=True)


def read_ledger(lake: Path) -> pl.DataFrame:
    """All ledger entries, one row per batch; a column that an older entry lacks is null."""
    files = [path for path in (lake / "_batches").glob("*.parquet") if not path.name.startswith(".")]
    if not files:
        return pl.DataFrame(schema=LEDGER_SCHEMA)
    entries = pl.scan_parquet(files, schema=LEDGER_SCHEMA, missing_columns="insert", extra_columns="ignore")
    return entries.collect()


def read_entries(lake: Path, batch_ids: Iterable[str]) -> list[dict[str, Any]]:
    """Ledger entries of these batches, by export time and arrival. Raises FileNotFoundError for another."""
    files = [lake / "_batches" / f"{batch_id}.parquet" for batch_id in dict.fromkeys(batch_ids)]
    if not files:
        return []
    entries = pl.scan_parquet(files, schema=LEDGER_SCHEMA, missing_columns="insert", extra_columns="ignore")
    return entries.sort("exported_at", "arrival_seq").collect().to_dicts()
