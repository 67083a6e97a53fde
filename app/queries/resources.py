"""Where orders go that nobody serves, and how full those are that serve: and the rows behind."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from app.queries.behind import Door, door
from app.queries.reader import read

if TYPE_CHECKING:
    import polars as pl

    from app.published import Version

LAST_DAY = {
    "": "true",
    "in_force": "true",
    "full": "load_band = 'full'",
    "over": "over_capacity_count > 0",
    "away": "is_available = false",
}
"""What is counted of the last day's resources, as conditions."""
SHOWN = 10
PLACES = 400
"""Divisions drawn on the map at most: those with most orders."""

_NEEDS = """
select need, sum(order_count)::bigint as orders,
    sum(order_count) filter (where not is_gap)::bigint as served,
    sum(order_count) filter (where not is_gap)::double / nullif(sum(order_count), 0) as value,
    count(*) filter (where is_gap) as gaps, sum(order_count) filter (where is_gap)::bigint as gap_orders,
    sum(paid_amount_cny) filter (where is_gap)::double as gap_cny,
from marts.rpt_resource_coverage
where coverage_status <> 'no_division'
group by need
having sum(order_count) > 0
order by value, need
"""

_GAPS = """
select adcode, need, province, city, district, coverage_status, order_count,
    paid_amount_cny::double as paid_amount_cny, nearest_able_code, nearest_able_km::double as nearest_able_km
from marts.rpt_resource_coverage
where is_gap
order by gap_rank
limit $size
"""

_PLACES = """
select adcode, max(coalesce(district, city, province)) as name, max(order_count) as orders,
    bool_or(is_gap) as is_gap
from marts.rpt_resource_coverage
where order_count > 0 and adcode <> 'unknown'
group by adcode
order by orders desc, adcode
limit $size
"""

_RESOURCES = """
select resource_code, resource_type, name, latitude::double as latitude, longitude::double as longitude
from marts.dim_resources
where is_current and latitude is not null and longitude is not null
order by resource_type, resource_code
"""

_DAY = "select max(load_date) as load_date from marts.rpt_resource_load"

_LOADS = """
select resource_type, count(*) as resources, count(order_count) as told,
    sum(order_count) filter (where capacity_per_day is not null)::double as orders,
    sum(capacity_per_day) filter (where order_count is not null)::double as capacity,
    count(*) filter (where over_capacity_count > 0) as over_capacity,
    count(*) filter (where load_band = 'full') as full,
    count(*) filter (where is_available = false) as unavailable, count(peak_load) as reporting,
from marts.rpt_resource_load
where load_date = $day
group by resource_type
order by resources desc, resource_type
"""

_FULLEST = """
select resource_code, coalesce(name, resource_code) as name, resource_type, order_count,
    capacity_per_day::double as capacity_per_day, utilisation_rate, peak_load, is_available, report_count
from marts.rpt_resource_load
where load_date = $day and coalesce(utilisation_rate, peak_load) is not null
order by greatest(coalesce(utilisation_rate, 0), coalesce(peak_load, 0)) desc, resource_code
limit $size
"""


def needs(version: Version) -> pl.DataFrame:
    """Orders of late by what they need: value is the share that goes where somebody serves."""
    return read(version, _NEEDS)


def gaps(version: Version) -> pl.DataFrame:
    """Divisions that orders go to and nobody serves, the largest first."""
    return read(version, _GAPS, size=SHOWN)


def places(version: Version) -> pl.DataFrame:
    """Divisions with orders of late, and whether a need of theirs is not served."""
    return read(version, _PLACES, size=PLACES)


def resources(version: Version) -> pl.DataFrame:
    """Resources in force that say where they are."""
    return read(version, _RESOURCES)


def loads(version: Version) -> pl.DataFrame:
    """The last day's resources by kind; empty where none is told."""
    return read(version, _LOADS, day=_last_day(version))


def fullest(version: Version) -> pl.DataFrame:
    """The last day's resources with the highest use of their capacity, else load."""
    return read(version, _FULLEST, day=_last_day(version), size=SHOWN)


def _last_day(version: Version) -> date | None:
    day: date | None = read(version, _DAY)["load_date"][0]
    return day


def gap_rows(title: str, need: str = "all", adcode: str = "all", *, only_gaps: bool = True) -> Door:
    """Gaps, or all that orders needed, of one need or one division."""
    sql = f"""select adcode, province, city, district, need, coverage_status, order_count, customer_count,
    paid_amount_cny::double as paid_amount_cny, able_count, nearest_able_code,
    nearest_able_km::double as nearest_able_km
from marts.rpt_resource_coverage
where {"is_gap" if only_gaps else "order_count > 0"}
    and ($need = 'all' or need = $need) and ($adcode = 'all' or adcode = $adcode)"""
    columns = (
        "province city district need coverage_status order_count customer_count paid_amount_cny able_count"
        " nearest_able_code nearest_able_km"
    )
    return door(title, sql, columns, "-order_count", {"need": need, "adcode": adcode})


def load_rows(title: str, resource_type: str = "all", resource_code: str = "all", only: str = "") -> Door:
    """The days of resources of one kind, or of one resource; `only` one of LAST_DAY: of the last day."""
    newest = "(select max(load_date) from marts.rpt_resource_load)"
    of_last_day = f"and load_date = {newest} and {LAST_DAY[only]}"
    sql = f"""select load_date, resource_code, resource_type, name, order_count,
    capacity_per_day::double as capacity_per_day, utilisation_rate, p50_load, peak_load, is_available,
    report_count
from marts.rpt_resource_load
where ($resource_type = 'all' or resource_type = $resource_type)
    and ($resource_code = 'all' or resource_code = $resource_code) {of_last_day if only else ""}"""
    columns = (
        "load_date resource_code resource_type name order_count capacity_per_day utilisation_rate p50_load"
        " peak_load is_available report_count"
    )
    parameters = {"resource_type": resource_type, "resource_code": resource_code}
    return door(title, sql, columns, "-load_date", parameters)
