"""The records of linked files as they were told, kept encrypted in the folder of state, one file per linking.

The ledger holds what linking needs of them; they are read again only where rules, model or reference
changed, and by who asks for their values.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from dagster_project.lib.identity_files.reading import newest

if TYPE_CHECKING:
    import polars as pl

    from identity.vault_key import VaultKey

NAME = "told-{:08d}.parquet"
FILES_LIMIT = 16
"""Files, above which they are made one."""


def load(folder: Path, key: VaultKey, columns: list[str]) -> pl.DataFrame:
    """All records told so far, the newest of each source and id; none before the first."""
    import polars as pl

    from identity import vault

    parts = [vault.read_table(path, key).select(columns) for path in files(folder)]
    return newest(pl.concat([pl.DataFrame(schema=dict.fromkeys(columns, pl.String)), *parts]))


@contextmanager
def adding(
    folder: Path, key: VaultKey, number: int, parts: Iterable[pl.DataFrame]
) -> Iterator[Iterator[pl.DataFrame]]:
    """The parts, each kept when it is asked for, in the file of this number, which appears at the end: one
    that a kill left is written over."""
    from identity import vault

    file = vault.growing_table(folder / NAME.format(number), key)

    def kept() -> Iterator[pl.DataFrame]:
        for part in parts:
            file.write(part)
            yield part

    try:
        yield kept()
        file.close()
    finally:
        file.abandon()


def merged(folder: Path, key: VaultKey, columns: list[str]) -> list[Path]:
    """Makes many files one, of their newest number; the files that it makes needless once the linking is in
    force."""
    from identity import vault

    found = files(folder)
    if len(found) <= FILES_LIMIT:
        return []
    vault.write_table(load(folder, key, columns), found[-1], key)
    return found[:-1]


def files(folder: Path) -> list[Path]:
    """The files that hold them, the oldest first."""
    return sorted(folder.glob("told-*.parquet"))
