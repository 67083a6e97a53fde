"""`python -m benchmarks.held_out_world --records N --out DIR [--seed S] [--describe]`: writes
records.parquet and truth.parquet; `--describe` prints the world's own figures as JSON."""

from __future__ import annotations

import argparse
import json
import sys
from pathlib import Path


def main(arguments: list[str] | None = None) -> int:
    """0, or 2 for an argument that cannot be."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.held_out_world")
    parser.add_argument("--records", type=int, default=100_000)
    parser.add_argument("--out", type=Path, help="folder for records.parquet and truth.parquet")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--describe", action="store_true", help="print the world's own figures")
    chosen = parser.parse_args(arguments)
    if not chosen.out and not chosen.describe:
        parser.error("nothing to do: give --out DIR, --describe or both")
    if chosen.records < 1000:
        parser.error("--records: a world needs at least 1,000")
    from benchmarks.held_out_world import describe, world

    made = world(chosen.records, chosen.seed)
    if chosen.out:
        chosen.out.mkdir(parents=True, exist_ok=True)
        made.records.write_parquet(chosen.out / "records.parquet")
        made.truth.write_parquet(chosen.out / "truth.parquet")
    if chosen.describe:
        sys.stdout.write(json.dumps(describe.describe(made), indent=2, ensure_ascii=False) + "\n")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
