"""What stays of linked files in a folder: the records, encrypted as the vault is, and the ids they have.

Both come into force together, when CURRENT names them: killed at any moment, the state before stays.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from dagster_project.lib.runs import write_text

if TYPE_CHECKING:
    import polars as pl

    from identity.vault_key import VaultKey

POINTER = "CURRENT"


@dataclass(frozen=True)
class Kept:
    """The records (columns of `reading.columns`), and the members and aliases of `identity.ids`."""

    number: int
    records: pl.DataFrame
    members: pl.DataFrame
    aliases: pl.DataFrame


def empty(columns: list[str]) -> Kept:
    """The state before the first file."""
    import polars as pl

    from identity.ids import ALIAS_SCHEMA, MEMBER_SCHEMA

    schemas = (dict.fromkeys(columns, pl.String), MEMBER_SCHEMA, ALIAS_SCHEMA)
    return Kept(0, *(pl.DataFrame(schema=schema) for schema in schemas))


def load(folder: Path, key: VaultKey, columns: list[str]) -> Kept:
    """The state in force; an empty one before the first."""
    import polars as pl

    from identity import vault

    try:
        number = int((folder / POINTER).read_text(encoding="utf-8").strip())
    except FileNotFoundError:
        return empty(columns)
    return Kept(
        number,
        vault.read_table(folder / f"records-{number}.parquet", key),
        pl.read_parquet(folder / f"members-{number}.parquet"),
        pl.read_parquet(folder / f"aliases-{number}.parquet"),
    )


def save(folder: Path, key: VaultKey, kept: Kept, events: pl.DataFrame, edges: pl.DataFrame) -> None:
    """Writes the state of `kept.number` with its edges and puts it in force; the one before goes, events
    stay."""
    from identity import vault

    folder.mkdir(parents=True, exist_ok=True)
    vault.write_table(kept.records, folder / f"records-{kept.number}.parquet", key)
    for name, frame in _frames(kept, events, edges).items():
        path = folder / f"{name}-{kept.number}.parquet"
        temporary = path.with_suffix(".tmp")
        frame.write_parquet(temporary)
        temporary.replace(path)
    write_text(folder / POINTER, f"{kept.number}\n")
    for name in ("records", "members", "aliases", "edges"):
        for path in folder.glob(f"{name}-*.parquet"):
            if path.stem != f"{name}-{kept.number}":
                path.unlink()


def _frames(kept: Kept, events: pl.DataFrame, edges: pl.DataFrame) -> dict[str, pl.DataFrame]:
    return {"members": kept.members, "aliases": kept.aliases, "edges": edges, "events": events}
