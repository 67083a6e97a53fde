"""The records of linked files as they were told, kept encrypted in the folder of state, one file per linking.

The ledger holds what linking needs of them; they are read again only where rules, model or reference
changed, and by who asks for their values.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from dagster_project.lib.identity_files.reading import KEY

if TYPE_CHECKING:
    import polars as pl

    from identity.vault_key import VaultKey

FILES_LIMIT = 16
"""Files, above which they are made one."""


@dataclass(frozen=True)
class Kept:
    """`records`: the columns of `reading.columns`, the newest of each source and id."""

    records: pl.DataFrame


def load(folder: Path, key: VaultKey, columns: list[str]) -> Kept:
    """All records told so far; none before the first."""
    import polars as pl

    from identity import vault

    parts = [vault.read_table(path, key).select(columns) for path in _files(folder)]
    told = pl.concat([pl.DataFrame(schema=dict.fromkeys(columns, pl.String)), *parts])
    return Kept(told.unique(["source", KEY], keep="last", maintain_order=True))


def add(folder: Path, key: VaultKey, records: pl.DataFrame, number: int) -> list[Path]:
    """Keeps records as the file of this number, one that a kill left is written over; the files that it makes
    needless once the linking is in force."""
    import polars as pl

    from identity import vault

    path = folder / f"told-{number:08d}.parquet"
    before = [file for file in _files(folder) if file != path]
    needless = before if len(before) >= FILES_LIMIT else []
    if needless:
        earlier = load(folder, key, records.columns).records
        gone = earlier.join(records, on=["source", KEY], how="anti", maintain_order="left")
        records = pl.concat([gone, records])
    vault.write_table(records, path, key)
    return needless


def _files(folder: Path) -> list[Path]:
    return sorted(folder.glob("told-*.parquet"))
