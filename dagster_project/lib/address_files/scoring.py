"""A file of addresses with their truth, scored; and the noise that such a file can be made of.

The scores belong in `identity/addresses/evaluate.py`, the kinds of noise in `benchmarks/`.
"""

from __future__ import annotations

import importlib
import sys
from pathlib import Path
from typing import Any

import polars as pl

from dagster_project.lib.address_files import reading, writing
from dagster_project.lib.errors import LuyueError
from dagster_project.settings import PROJECT_ROOT
from identity.addresses import evaluate


def score_file(gold: Path, column: str, with_peers: bool) -> dict[str, Any]:
    """The scores of `evaluate.evaluate` for the file's rows. LuyueError where it cannot be used."""
    table = reading.open_table(gold, column)
    if column not in table.columns:
        raise LuyueError(f"{gold}: has no column {column}; name the addresses with --column")
    frame = pl.concat(table.chunks, how="vertical_relaxed")
    frame = frame.with_columns(
        pl.when(pl.col(pl.String).str.strip_chars() != "")
        .then(pl.col(pl.String).str.strip_chars())
        .name.keep()
    )
    if frame.is_empty():
        raise LuyueError(f"{gold}: has no rows to score")
    try:
        return evaluate.evaluate(frame, column, with_peers)
    except ValueError as error:
        raise LuyueError(f"{gold}: {error}") from error


def write_noise(output: Path, each: int, seed: int) -> int:
    """Writes `each` addresses of every kind of noise with their truth; how many rows."""
    writing.checked(output)
    if str(PROJECT_ROOT) not in sys.path:
        sys.path.insert(0, str(PROJECT_ROOT))
    try:
        noise = importlib.import_module("benchmarks.address_gold")
    except ModuleNotFoundError as error:
        raise LuyueError(
            "address noise: run it from a checkout of the project, which has benchmarks/"
        ) from error
    frame = noise.gold(each, seed)
    with writing.opened(output) as sink:
        sink.write(frame)
    return frame.height
