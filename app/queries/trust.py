"""How far the numbers can be trusted: the sources of each KPI."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from app.published import UnavailableError
from app.queries.reader import read

if TYPE_CHECKING:
    import polars as pl

    from app.published import Version

_SOURCES = """
select kpi, source_feed, newest_exported_at, age_hours, is_fresh, coverage, trust_status, note_code
from marts.rpt_kpi_trust
where kpi in (select kpi from marts.rpt_experience_index)
order by kpi, source_feed
"""


_AS_OF = """
select date_trunc('second', max(newest_exported_at + to_microseconds((age_hours * 3600e6)::bigint))
    + interval 500 millisecond) as as_of,
from marts.rpt_kpi_trust
"""


def as_of(version: Version) -> datetime:
    """The data cut-off, to the second: the newest export of any feed and its age at the cut-off, added up.

    Raises `UnavailableError` (empty) where no feed was ever received.
    """
    cut_off = read(version, _AS_OF)["as_of"][0]
    if cut_off is None:
        raise UnavailableError("empty")
    return cut_off


def sources(version: Version) -> pl.DataFrame:
    """One row per part of the index and source feed that it needs, as rpt_kpi_trust holds them."""
    return read(version, _SOURCES)
