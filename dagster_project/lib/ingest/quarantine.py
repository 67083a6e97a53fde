"""What was refused, for people to read: rows and whole files with their reasons, values masked."""

from __future__ import annotations

import polars as pl

from dagster_project.lib.ingest.rules.checks import QUARANTINE_SCHEMA
from dagster_project.settings import Settings


def list_quarantine(settings: Settings, source: str | None = None) -> pl.DataFrame:
    """Refused rows and files (columns of the quarantine), by source, file and line; a whole file has no
    line."""
    files = sorted((settings.lake / "_quarantine").glob("[!._]*.parquet"))
    frame = pl.read_parquet(files) if files else pl.DataFrame(schema=QUARANTINE_SCHEMA)
    frame = frame if source is None else frame.filter(pl.col("source") == source)
    return frame.sort("source", "source_file", "source_line", nulls_last=True)
