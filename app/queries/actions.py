"""What to do first: anomalies that are still open, grouped by what and where, and their orders."""

from __future__ import annotations

from typing import TYPE_CHECKING

from app.queries.listing import Rows
from app.queries.reader import read

if TYPE_CHECKING:
    import polars as pl

    from app.published import Version

FIRST = 3

_OPEN = """
with open_anomalies as (
    select channel, channel_order_id, event_code, detected_at, paid_amount_cny,
        case
            when event_code in (
                'pickup_timeout', 'transit_stalled', 'delivery_exception',
                'fake_shipment_suspected', 'delivery_rejected_returned'
            ) then coalesce(carrier, warehouse_code)
            else coalesce(warehouse_code, carrier)
        end as place,
    from marts.fct_anomalies
    where resolved_at is null and ($channel = 'all' or channel = $channel)
)
"""

_GROUPS = (
    _OPEN
    + """,
orders as (
    select event_code, place, channel, channel_order_id,
        max(paid_amount_cny) as paid_amount_cny, min(detected_at) as detected_at,
    from open_anomalies
    group by event_code, place, channel, channel_order_id
)
select event_code, place, count(*) as orders, sum(paid_amount_cny)::double as paid_amount_cny,
    min(detected_at) as oldest_at,
from orders
group by event_code, place
order by orders desc, paid_amount_cny desc nulls last, event_code, place nulls last
limit $first
"""
)

_WHERE = """
from open_anomalies
where event_code = $event_code and place is not distinct from $place
"""
_ROWS = f"{_OPEN} select channel, channel_order_id, place, detected_at, paid_amount_cny {_WHERE}"

_ALL_OPEN = """
select channel, channel_order_id, event_code, detected_at, warehouse_code, carrier, paid_amount_cny
from marts.fct_anomalies
where resolved_at is null and ($channel = 'all' or channel = $channel)
    and ($warehouse = 'all' or warehouse_code = $warehouse)
"""


def first(version: Version, channel: str) -> pl.DataFrame:
    """The groups with most open orders: event_code, place, orders, paid_amount_cny, oldest_at."""
    return read(version, _GROUPS, channel=channel, first=FIRST)


def rows(channel: str, event_code: str, place: str | None) -> Rows:
    """Open anomalies of one group, the oldest first."""
    return Rows(
        _ROWS,
        ("channel", "channel_order_id", "place", "detected_at", "paid_amount_cny"),
        "detected_at",
        {"channel": channel, "event_code": event_code, "place": place},
    )


def all_open(channel: str, warehouse: str) -> Rows:
    """Open anomalies, the oldest first, of one channel and warehouse or of all."""
    return Rows(
        _ALL_OPEN,
        (
            "channel",
            "channel_order_id",
            "event_code",
            "detected_at",
            "warehouse_code",
            "carrier",
            "paid_amount_cny",
        ),
        "detected_at",
        {"channel": channel, "warehouse": warehouse},
    )
