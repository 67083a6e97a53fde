"""How fresh each feed is, as far as any KPI needs it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from app.queries.reader import read

if TYPE_CHECKING:
    import polars as pl

    from app.published import Version

_FEEDS = """
select source_feed, max(newest_exported_at) as newest_exported_at, min(age_hours) as age_hours,
    max_by(oldest_source, oldest_source_age_hours) as oldest_source,
    max(oldest_source_age_hours) as oldest_source_age_hours, bool_and(is_fresh) as is_fresh,
    count(distinct kpi) as kpis,
from marts.rpt_kpi_trust
group by source_feed
order by is_fresh, age_hours desc nulls first, source_feed
"""


def all_feeds(version: Version) -> pl.DataFrame:
    """One row a feed: its newest export, hours from there to the cut-off, whether that is fresh."""
    return read(version, _FEEDS)
