"""Records unified into customers: how many, how well, by channel, size and value; and the rows behind."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from app.queries.behind import Door, door
from app.queries.reader import read
from app.queries.scope import Scope, within

if TYPE_CHECKING:
    import polars as pl

    from app.published import Version

SIZES = ("1", "2", "3-5", "6-10", ">10")
"""Bands of customer_size_share, by records of a customer."""
TIERS = 8
VERSIONS = 8
"""Versions of the grouping that the page tells of."""

PEOPLE = (
    "customer_id name_mask phone_mask channels record_count order_count paid_amount_cny value_tier"
    " first_seen_at last_seen_at"
)
_PEOPLE = """select customer_id, name_mask, phone_mask, channels, record_count, order_count,
    paid_amount_cny::double as paid_amount_cny, value_tier, first_seen_at, last_seen_at
from marts.dim_customers"""
_QUALITY = """
select kpi, band, numerator, denominator, value, previous_value, sample_size, status
from marts.rpt_identity_quality
where is_current
"""

_VERSIONS = """
select identity_version, max(measured_at) as measured_at,
    max(value) filter (where kpi = 'records') as records,
    max(value) filter (where kpi = 'customers') as customers,
    max(value) filter (where kpi = 'unification_rate') as unification_rate,
    max(numerator) filter (where kpi = 'merge_rate') as merges,
    max(numerator) filter (where kpi = 'split_rate') as splits,
    max(numerator) filter (where kpi = 'move_rate') as moves,
    max(value) filter (where kpi = 'match_weight_drift') as drift,
from marts.rpt_identity_quality
where band = 'all'
group by identity_version
order by identity_version desc
limit $size
"""

_CHANNELS = """
select member, numerator::double as numerator, denominator, value, status
from marts.rpt_kpis
where kpi = 'unification_rate' and dimension = 'channel' and period = $period and period_start = $start
order by denominator desc, member
"""

_TIERS = """
with seen as (
    select value_tier, channels, count(*) as customers, sum(order_count) as order_count,
        sum(paid_amount_cny) as paid_amount_cny,
    from marts.dim_customers
    group by value_tier, channels
)
select value_tier, sum(customers)::bigint as customers, sum(order_count) as orders,
    sum(paid_amount_cny)::double as paid_amount_cny,
from seen
where $channel = 'all' or list_contains(string_split(channels, ','), $channel)
group by value_tier
order by paid_amount_cny desc, value_tier
limit $size
"""


def quality(version: Version) -> dict[tuple[str, str], dict[str, Any]]:
    """The grouping in force, by (kpi, band): rows of rpt_identity_quality."""
    return {(row["kpi"], row["band"]): row for row in read(version, _QUALITY).to_dicts()}


def versions(version: Version) -> pl.DataFrame:
    """The last groupings, newest first."""
    return read(version, _VERSIONS, size=VERSIONS)


def by_channel(version: Version, scope: Scope) -> pl.DataFrame:
    """Unification of the period by channel, the largest first."""
    return read(version, _CHANNELS, **scope.span)


def tiers(version: Version, scope: Scope) -> pl.DataFrame:
    """Customers seen on the channel by value tier, all data."""
    return read(version, _TIERS, channel=scope.channel, size=TIERS)


def alone(scope: Scope, title: str, channel: str = "all") -> Door:
    """Records of the period that share their customer with no other."""
    wanted = scope.channel if channel == "all" else channel
    sql = f"""select source, channel, source_record_id, record_kind, touchpoint, customer_id, occurred_at
from marts.bridge_customer_records
where ($channel = 'all' or channel = $channel) and {within("occurred_at")}
    and is_alone"""
    columns = "source channel source_record_id record_kind touchpoint customer_id occurred_at"
    return door(title, sql, columns, "-occurred_at", {**scope.span, "channel": wanted})


def measured(title: str, kpi: str | None = None, identity_version: int | None = None) -> Door:
    """How the grouping was measured: one figure version by version, or all figures of one version."""
    sql = """select identity_version, measured_at, kpi as identity_kpi, band, numerator as counted_of,
    denominator as counted_in, value as measured, sample_size, status
from marts.rpt_identity_quality
where ($kpi is null or kpi = $kpi) and ($of_version is null or identity_version = $of_version)"""
    columns = (
        "identity_version measured_at identity_kpi band counted_of counted_in measured sample_size status"
    )
    return door(title, sql, columns, "-identity_version", {"kpi": kpi, "of_version": identity_version})


def of_size(title: str, band: str) -> Door:
    """Customers with so many records, whatever the channel."""
    least, _, most = band.removeprefix(">").partition("-")
    low = int(least) + band.startswith(">")
    high = int(most or least) if not band.startswith(">") else None
    sql = f"""{_PEOPLE}
where record_count >= $low and ($high is null or record_count <= $high)"""
    return door(title, sql, PEOPLE, "-record_count", {"low": low, "high": high})


def people(scope: Scope, title: str, tier: str | None = None, order: str = "-paid_amount_cny") -> Door:
    """Customers seen on the channel, of one value tier or all."""
    sql = f"""{_PEOPLE}
where ($channel = 'all' or list_contains(string_split(channels, ','), $channel))
    and ($tier is null or value_tier = $tier)"""
    return door(title, sql, PEOPLE, order, {"channel": scope.channel, "tier": tier})
