"""Figures as a run published them, by the query that docs/rules.md gives."""

from __future__ import annotations

import re
from pathlib import Path

import duckdb
import polars as pl

PAGE = Path(__file__).resolve().parents[2] / "docs" / "rules.md"
PLACE, RUN = "data/history/values/*.parquet", "20260131T080000-c0ffee"


def as_published(history: Path, run_id: str) -> pl.DataFrame:
    """kpi, period, period_start, channel, numerator, denominator, value, coverage, status of a run."""
    (query,) = re.findall(r"```sql\n(-- as a run published it.*?)```", PAGE.read_text("utf-8"), re.DOTALL)
    assert PLACE in query
    assert RUN in query
    query = query.replace(PLACE, str(history / "values" / "*.parquet")).replace(RUN, run_id)
    with duckdb.connect() as connection:
        return connection.sql(query).pl()
