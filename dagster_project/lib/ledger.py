"""The batch ledger in one frame, with what was found of each batch's files: opened only where one changed.

One file a batch is what makes a batch appear whole; a copy in one file is what keeps asking cheap when there
are thousands. What the figures mean stands in batches.py and expectations.py. Nothing here is needed: without
the copy everything is read once more.
"""

from __future__ import annotations

import json
import os
import secrets
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from dagster_project.lib import due
from dagster_project.lib.ingest.generations import in_force
from dagster_project.lib.ingest.personal.walled import walled
from dagster_project.settings import Settings

if TYPE_CHECKING:
    import polars as pl

FILE = "_ledger.parquet"
FEEDS_WITH_STATES = ("orders", "aftersales")
Stamp = tuple[int, int]
"""Size in bytes and modification time in ns: what tells that a file is still the one that was looked into."""


@dataclass(frozen=True)
class Ledger:
    """`entries`: one row a batch in force, columns of the ledger and of `_found_schema`. `stray`: lake files
    without an entry, as `<feed>: <file name>`."""

    entries: pl.DataFrame
    stray: tuple[str, ...]


def read(settings: Settings) -> Ledger:
    """The ledger as the stores stand now. Opens only what is new or changed since the copy was written."""
    return _assembled(settings, _copy(settings))


def refresh(settings: Settings, *, anew: bool = False) -> Ledger:
    """The same, and keeps the copy for the next time; `anew` opens every file. The caller holds the lock."""
    copy = _copy(settings)
    ledger = _assembled(settings, copy.clear() if anew else copy)
    if not ledger.entries.equals(copy):
        temporary = settings.lake / f".{FILE}.{secrets.token_hex(4)}.tmp"
        settings.lake.mkdir(parents=True, exist_ok=True)
        ledger.entries.write_parquet(temporary, compression="zstd")
        temporary.replace(settings.lake / FILE)
    return ledger


def _schema() -> dict[str, pl.DataType | type[pl.DataType]]:
    from dagster_project.lib.ingest.store import LEDGER_SCHEMA

    return {**LEDGER_SCHEMA, **_found_schema()}


def _found_schema() -> dict[str, pl.DataType | type[pl.DataType]]:
    """What was found: entry and lake file by size and time; rows by the lake file's footer (null where it
    cannot be read); rows by unknown state, as JSON; whether a vault file ever was there, and is now."""
    import polars as pl

    return {
        "entry_size": pl.Int64, "entry_mtime_ns": pl.Int64,
        "lake_size": pl.Int64, "lake_mtime_ns": pl.Int64,
        "lake_rows": pl.Int64, "unknown_states": pl.String,
        "had_vault": pl.Boolean, "has_vault": pl.Boolean,
    }  # fmt: skip


def _copy(settings: Settings) -> pl.DataFrame:
    import polars as pl

    try:
        copy = pl.read_parquet(settings.lake / FILE)
    except (OSError, pl.exceptions.PolarsError):
        return pl.DataFrame(schema=_schema())
    return copy if copy.schema == pl.Schema(_schema()) else pl.DataFrame(schema=_schema())


def _assembled(settings: Settings, copy: pl.DataFrame) -> Ledger:
    import polars as pl

    found = due.ledger_files(settings.lake)
    held = {batch_id: found[batch_id] for batch_id in in_force(found).values()}
    stamps = _frame({b: (stat.st_size, stat.st_mtime_ns) for b, stat in held.items()}, "entry")
    known = copy.join(stamps, on=["batch_id", "entry_size", "entry_mtime_ns"], how="semi")
    fresh = stamps.join(known, on="batch_id", how="anti")
    entries = pl.concat([known, _read_entries(settings, fresh)])

    lake = _batch_files(settings.lake.glob("*/source=*"))
    vault = _batch_files(path for path in settings.vault.glob("[!_]*") if path.is_dir())
    standing = _frame({batch_id: stamp for batch_id, (stamp, _) in lake.items()}, "lake")
    entries = entries.join(standing, on="batch_id", how="left", suffix="_now")
    now = pl.struct("lake_size_now", "lake_mtime_ns_now")
    before = pl.struct(lake_size_now="lake_size", lake_mtime_ns_now="lake_mtime_ns")
    changed = now.ne_missing(before)
    looked = _look_into(entries.filter(changed, pl.col("lake_size_now").is_not_null()), lake)
    entries = entries.with_columns(
        pl.when(changed).then(None).otherwise(pl.col(name)).alias(name)
        for name in ("lake_rows", "unknown_states")
    )
    entries = entries.update(looked, on="batch_id").with_columns(
        lake_size="lake_size_now",
        lake_mtime_ns="lake_mtime_ns_now",
        has_vault=pl.col("batch_id").is_in(list(vault)),
    )
    entries = entries.with_columns(had_vault=pl.col("had_vault").fill_null(False) | pl.col("has_vault"))
    stray = [f"{place}: batch={b}.parquet" for b, (_, place) in lake.items() if b not in held]
    return Ledger(entries.select(_schema().keys()).sort("arrival_seq", "batch_id"), tuple(sorted(stray)))


def _frame(stamps: dict[str, Stamp], name: str) -> pl.DataFrame:
    import polars as pl

    rows = [(batch_id, size, mtime) for batch_id, (size, mtime) in stamps.items()]
    schema = {"batch_id": pl.String, f"{name}_size": pl.Int64, f"{name}_mtime_ns": pl.Int64}
    return pl.DataFrame(rows, schema=schema, orient="row")


def _read_entries(settings: Settings, fresh: pl.DataFrame) -> pl.DataFrame:
    import polars as pl

    from dagster_project.lib.ingest.store import LEDGER_SCHEMA

    if fresh.is_empty():
        return pl.DataFrame(schema=_schema())
    files = [settings.lake / "_batches" / f"{batch_id}.parquet" for batch_id in fresh["batch_id"]]
    read = pl.scan_parquet(files, schema=LEDGER_SCHEMA, missing_columns="insert", extra_columns="ignore")
    entries = read.collect().join(fresh, on="batch_id", how="left")
    return entries.select(
        (pl.col(name) if name in entries.columns else pl.lit(None)).cast(dtype).alias(name)
        for name, dtype in _schema().items()
    )


def _batch_files(folders: Iterable[Path]) -> dict[str, tuple[Stamp, str]]:
    """Batch id → stamp and folder of its file."""
    files: dict[str, tuple[Stamp, str]] = {}
    for folder in folders:
        with os.scandir(folder) as listed:
            for entry in listed:
                if entry.name.startswith("batch=") and entry.name.endswith(".parquet"):
                    stat = entry.stat()
                    stamp = (stat.st_size, stat.st_mtime_ns)
                    files[entry.name[len("batch=") : -len(".parquet")]] = (stamp, str(folder))
    return files


def _look_into(changed: pl.DataFrame, lake: dict[str, tuple[Stamp, str]]) -> pl.DataFrame:
    """Rows by the footer, and rows with an unknown state, of lake files that are new or changed."""
    import polars as pl

    paths = {b: Path(lake[b][1]) / f"batch={b}.parquet" for b in changed["batch_id"]}
    rows = {batch_id: _rows_of(path) for batch_id, path in paths.items()}
    with_states = changed.filter(pl.col("feed").is_in(FEEDS_WITH_STATES))["batch_id"]
    states = _states_of({b: paths[b] for b in with_states if rows[b] is not None})
    for batch_id in {b for b in with_states if rows[b] is not None} - states.keys():
        rows[batch_id] = None
    found = [(b, rows[b], json.dumps(states.get(b, {}), ensure_ascii=False)) for b in paths]
    schema = {"batch_id": pl.String, "lake_rows": pl.Int64, "unknown_states": pl.String}
    return pl.DataFrame(found, schema=schema, orient="row")


def _rows_of(path: Path) -> int | None:
    """Rows by the file's footer; None where it cannot be read."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    try:
        return int(pq.read_metadata(path).num_rows)
    except (OSError, pa.ArrowException):
        return None


def _states_of(paths: dict[str, Path]) -> dict[str, dict[str, int]]:
    """Rows by state as exported, of those whose state no contract knows; no entry for an unreadable file."""
    import polars as pl

    if not paths:
        return {}
    rows = pl.scan_parquet(list(paths.values())).filter(pl.col("status") == "unknown")
    counts = rows.group_by("batch_id", pl.col("status_raw").fill_null("(empty)")).len()
    try:
        counted = counts.sort("batch_id", "len", descending=True).collect().rows()
    except (OSError, pl.exceptions.PolarsError):
        if len(paths) == 1:
            return {}
        return {b: found[b] for b, path in paths.items() if (found := _states_of({b: path}))}
    states: dict[str, dict[str, int]] = {batch_id: {} for batch_id in paths}
    words = walled(word for _, word, _ in counted)
    for (batch_id, _, count), word in zip(counted, words, strict=True):
        states[batch_id][word] = states[batch_id].get(word, 0) + count
    return states
