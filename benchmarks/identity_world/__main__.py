"""`python -m benchmarks.identity_world --records N --out DIR [--seed S] [--csv]`: writes the world."""

from __future__ import annotations

import argparse
import sys
import time
from pathlib import Path

from benchmarks.identity_world import make


def main() -> None:
    """Writes records and truth, and tells what a shared full number is worth in them."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--records", type=int, default=100_000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--csv", action="store_true", help="CSV instead of Parquet")
    told = parser.parse_args()
    begun = time.perf_counter()
    records, truth = make(told.records, told.seed)
    told.out.mkdir(parents=True, exist_ok=True)
    for name, table in (("records", records), ("truth", truth)):
        path = told.out / f"{name}.{'csv' if told.csv else 'parquet'}"
        (table.write_csv if told.csv else table.write_parquet)(path)
        sys.stdout.write(f"{path}: {table.height} rows\n")
    people = truth["person_id"].n_unique()
    sys.stdout.write(f"{people} people, {time.perf_counter() - begun:.1f} s\n")


if __name__ == "__main__":
    main()
