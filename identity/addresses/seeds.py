"""Reading the seeds of the reference: regions, towns, old names, aliases, and the version that they stand
for.

How they were made is told in `reference/`; what surface forms they give belongs in `forms.py`.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from pathlib import Path

import polars as pl

FOLDER = Path(__file__).resolve().parent / "reference"
_FILES = ("region.csv", "township.csv.gz", "legacy.csv", "alias.csv", "character.csv", "similar.csv")


@dataclass(frozen=True)
class Seeds:
    """The tables, as text columns; see `reference/README.md` for their columns."""

    region: pl.DataFrame
    township: pl.DataFrame
    legacy: pl.DataFrame
    alias: pl.DataFrame
    character: pl.DataFrame
    similar: pl.DataFrame
    as_of: date
    """The day that the codes stand for."""


@lru_cache(maxsize=1)
def load() -> Seeds:
    """The committed seeds, read once a process."""
    tables = {name.split(".")[0]: pl.read_csv(FOLDER / name, infer_schema=False) for name in _FILES}
    as_of = date.fromisoformat(tables["region"].item(0, "as_of"))
    return Seeds(as_of=as_of, **tables)


@lru_cache(maxsize=1)
def fingerprint() -> str:
    """Eight hex digits over the seeds' bytes: another reference gives another fingerprint."""
    digest = hashlib.sha256()
    for name in _FILES:
        digest.update((FOLDER / name).read_bytes())
    return digest.hexdigest()[:8]
