"""Runs dbt on a small lake as the pipeline would, in a process of its own, and reads the result."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Mapping
from datetime import datetime
from pathlib import Path

import polars as pl

PROJECT = Path(__file__).resolve().parents[2] / "dbt"


def dbt_build(
    folder: Path,
    env: Mapping[str, str],
    as_of: datetime,
    select: str,
    *,
    exclude: str = "",
    target: Path | None = None,
) -> Path:
    """Builds the selected models (dbt's selection syntax) into folder/warehouse.duckdb and gives its path.

    `target`: where dbt keeps its parsed project, for several builds to share. `env` is what
    `small_lake.write_lake` gave. Raises AssertionError with dbt's output where dbt fails.
    """
    warehouse = folder / "warehouse.duckdb"
    call = [
        str(Path(sys.executable).parent / "dbt"),
        *("--quiet", "--no-use-colors", "--no-write-json", "build"),
        *("--project-dir", str(PROJECT), "--profiles-dir", str(PROJECT)),
        *("--target-path", str(target or folder / "target"), "--log-path", str(folder / "logs")),
        *(
            "--exclude-resource-type",
            "unit_test",
            "--indirect-selection",
            "buildable",
            "--select",
            *select.split(),
        ),
        *(("--exclude", *exclude.split()) if exclude else ()),
    ]
    done = subprocess.run(
        call,
        env={
            **os.environ,
            **env,
            "LUYUE_AS_OF": f"{as_of:%Y-%m-%d %H:%M:%S}",
            "DBT_ENV_SECRET_LUYUE_WAREHOUSE": str(warehouse),
            "DO_NOT_TRACK": "1",
        },
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout[-6000:] + done.stderr[-2000:]
    return warehouse


def read_table(warehouse: Path, table: str) -> pl.DataFrame:
    """All rows of a table of a built warehouse, e.g. `marts.fct_stock_positions`."""
    import duckdb

    with duckdb.connect(str(warehouse), read_only=True) as connection:
        return connection.sql(f"select * from {table}").pl()
