"""Runs the stock models of the project over a made lake, and tells how long they took; a process of its own.

Only for `luyue bench inventory`: `python -m benchmarks.inventory_dbt FOLDER AS_OF…` runs dbt once for each
cut-off, with `--full-refresh` after FOLDER everything anew. Seconds are from the start of the first model to
the end of the last, hooks and bookkeeping included; what dbt needs to start and to read the project is told
apart.
"""

from __future__ import annotations

import json
import os
import sys
import time
from datetime import datetime
from pathlib import Path
from typing import Any

import yaml

PROJECT = Path(__file__).resolve().parents[1] / "dbt"
FULL_REFRESH = "--full-refresh"
MODELS = (
    "int_batches__ranked",
    "int_stock_movements__keyed",
    "int_stock_movements__ledger",
    "int_stock_balances__current",
    "int_stock_counts__keyed",
    "int_stock_counts__deduplicated",
    "int_stock_counts__booked",
)
"""The steps of the ledger, and the ranks of batches; views last from run to run, names stay as made."""


def peak_mb() -> int:
    """Peak memory of this process since it began; what it was forked from does not count (Linux)."""
    status = Path("/proc/self/status").read_text("ascii")
    return int(status.split("VmHWM:")[1].split()[0]) // 1024


def environment(folder: Path, as_of: str) -> dict[str, str]:
    """What dbt/ reads: the made lake and warehouse of a folder."""
    lake = folder / "lake"
    return {
        "LUYUE_LAKE": str(lake),
        "LUYUE_ADDRESSES": str(lake),
        "LUYUE_IDENTITY_MEMBERS": str(lake / "none.parquet"),
        "LUYUE_IDENTITY_GOLDEN": str(lake / "none.parquet"),
        "LUYUE_IDENTITY_QUALITY": str(lake / "none.parquet"),
        "LUYUE_AS_OF": as_of,
        "DBT_ENV_SECRET_LUYUE_WAREHOUSE": str(folder / "warehouse.duckdb"),
        # As in a run (dagster_project/lib/dbt_project.py): no line for a log file is made of each event.
        "DBT_LOG_LEVEL_FILE": "none",
        "DO_NOT_TRACK": "1",
    }


def write_empty_stores(folder: Path) -> None:
    """A file without rows for each store outside the warehouse: dbt makes a view over each."""
    import polars as pl

    from dagster_project.lib import feeds

    lake = folder / "lake"
    lake.mkdir(parents=True, exist_ok=True)
    pl.DataFrame(schema={"nothing": pl.String}).write_parquet(lake / "none.parquet")
    sources = yaml.safe_load((PROJECT / "models/staging/_staging__sources.yml").read_text("utf-8"))
    known = feeds.load_feeds()
    for table in sources["sources"][0]["tables"]:
        name = table["name"]
        target = lake / ("_" * (name in ("batches", "quarantine")) + name) / "_schema.parquet"
        target.parent.mkdir(parents=True, exist_ok=True)
        schema = known[name].lake_schema() if name in known else {"nothing": pl.String}
        if name != "batches":
            pl.DataFrame(schema=schema).write_parquet(target)


def read_project(folder: Path) -> Any:  # noqa: ANN401 (dbt's manifest)
    """The project as dbt reads it, once for all runs of this process."""
    from dbt.cli.main import dbtRunner

    os.environ.update(environment(folder, "2025-01-01 00:00:00"))
    return dbtRunner().invoke(["--quiet", "parse", *_folders(folder)]).result


def build(
    folder: Path,
    as_of: str,
    manifest: Any,  # noqa: ANN401
    select: tuple[str, ...] = MODELS,
    *,
    full_refresh: bool = False,
) -> dict[str, float]:
    """One dbt run: seconds of its models together, of each, and of the whole call."""
    from dbt.cli.main import dbtRunner

    os.environ.update(environment(folder, as_of))
    started, used = time.perf_counter(), time.process_time()
    done = dbtRunner(manifest=manifest).invoke(
        [
            *("--log-level", "none", "run", "--no-write-json", *_folders(folder), "--select", *select),
            *(("--full-refresh",) if full_refresh else ()),
        ]
    )
    whole, used = time.perf_counter() - started, time.process_time() - used
    if not done.success:
        failed = [node.message for node in getattr(done.result, "results", []) if node.status != "success"]
        raise RuntimeError(f"dbt: {done.exception or failed}")
    return {**_seconds(done.result.results), "call": round(whole, 2), "processor": round(used, 2)}


def _folders(folder: Path) -> list[str]:
    return [
        *("--project-dir", str(PROJECT), "--profiles-dir", str(PROJECT)),
        *("--target-path", str(folder / "target"), "--log-path", str(folder / "logs")),
    ]


def _seconds(results: list) -> dict[str, float]:
    spans = {
        node.node.name: (
            min(part.started_at for part in node.timing),
            max(part.completed_at for part in node.timing),
        )
        for node in results
        if node.timing and node.node.resource_type == "model"
    }
    each = {name: round((end - start).total_seconds(), 3) for name, (start, end) in spans.items()}
    first, last = min(start for start, _ in spans.values()), max(end for _, end in spans.values())
    return {"models": round((last - first).total_seconds(), 3), **each}


def main(arguments: list[str]) -> None:
    """Prints one JSON: the runs, the peak memory of this process in MB, the size of the file after them."""
    folder, *cut_offs = (word for word in arguments if word != FULL_REFRESH)
    is_full = FULL_REFRESH in arguments
    manifest = read_project(Path(folder))
    if not (Path(folder) / "warehouse.duckdb").exists():
        build(Path(folder), cut_offs.pop(0), manifest, ("+int_stock_counts__booked",))
    runs = [
        build(Path(folder), str(datetime.fromisoformat(at)), manifest, full_refresh=is_full)
        for at in cut_offs
    ]
    size = (Path(folder) / "warehouse.duckdb").stat().st_size
    told = {"runs": runs, "peak_mb": peak_mb(), "file_mb": round(size / 1e6, 1)}
    sys.stdout.write("\n" + json.dumps(told) + "\n")


if __name__ == "__main__":
    main(sys.argv[1:])
