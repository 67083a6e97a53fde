"""How far the numbers can be trusted: the sources of each KPI."""

from __future__ import annotations

from typing import TYPE_CHECKING

from app.queries.reader import read

if TYPE_CHECKING:
    import polars as pl

    from app.published import Version

_SOURCES = """
select kpi, source_feed, newest_exported_at, age_hours, is_fresh, coverage, trust_status, note_code
from marts.rpt_kpi_trust
order by kpi, source_feed
"""


def sources(version: Version) -> pl.DataFrame:
    """One row per KPI and source feed that it needs, as rpt_kpi_trust holds them."""
    return read(version, _SOURCES)
