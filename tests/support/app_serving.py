"""A published file as the dashboard sees it: small, seeded, with the columns of the real marts.

Values are drawn, not computed from orders: the dashboard's tests are about showing, not about the KPIs.
"""

from __future__ import annotations

import os
from datetime import datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from support import app_marts

if TYPE_CHECKING:
    import duckdb

WEIGHTS = {
    "on_time_fulfilment_rate": (0.30, 0.95, 0.93, 900),
    "anomaly_resolved_2h_rate": (0.25, 0.85, 0.71, 160),
    "change_success_rate": (0.20, 0.90, 0.88, 90),
    "cross_channel_merge_rate": (0.15, 0.60, 0.55, 60),
    "sla_acceptance_rate": (0.10, 0.55, 0.61, 40),
}
"""Part: weight, target, mean rate, mean population of a day."""
INDEX_TARGET = 90.0
CHANNELS = ("all", "taobao", "douyin", "jd")
FEEDS = {
    "on_time_fulfilment_rate": ("orders", "tracks"),
    "anomaly_resolved_2h_rate": ("anomaly_cases", "tracks", "orders"),
    "change_success_rate": ("change_requests",),
    "cross_channel_merge_rate": ("orders", "customer_records"),
    "sla_acceptance_rate": ("sla_offers",),
}

_DAYS = """
create temp table days as
select day::date as day, p.kpi, c.channel, p.weight, p.target,
    -- the rate of a day: its mean, a slow rise over the days, and a seeded swing
    greatest(0.02, least(0.99, p.mean + 0.0006 * date_diff('day', $from::date, day::date) - 0.03
        + 0.05 * (hash(day, p.kpi, c.channel, $seed) % 1000 / 1000.0 - 0.5))) as rate,
    (p.population
        * case c.channel when 'all' then 1 when 'taobao' then 0.5 when 'douyin' then 0.3 else 0.2 end
        * (0.85 + 0.3 * (hash(day, p.kpi, $seed) % 1000 / 1000.0)))::bigint as denominator,
from generate_series($from::timestamp, $to::timestamp, interval 1 day) as d(day), parts as p, channels as c
where not list_contains($missing::varchar[], p.kpi)
"""

_INDEX = """
create table marts.rpt_experience_index as
with spans as (
    select 'day' as period, day as period_start, * exclude (day) from days
    union all select 'week', date_trunc('week', day)::date, * exclude (day) from days
    union all select 'month', date_trunc('month', day)::date, * exclude (day) from days
    union all select 'total', (select min(day) from days), * exclude (day) from days
),
summed as (
    select period, period_start, channel, kpi, sum((rate * denominator)::bigint)::double as numerator,
        sum(denominator)::double as denominator,
    from spans group by all
),
grid as (
    select s.period, s.period_start, s.channel, p.kpi, p.weight, p.target, m.numerator, m.denominator,
        m.numerator / m.denominator as value,
    from (select distinct period, period_start, channel from summed) as s
    cross join parts as p
    left join summed as m
        on m.period = s.period and m.period_start = s.period_start and m.channel = s.channel and m.kpi = p.kpi
),
changed as (
    select *, 100 * weight * (value - lag(value) over (
        partition by period, channel, kpi order by period_start)) as contribution,
    from grid
),
whole as (
    select period, period_start, channel, 'experience_index' as kpi,
        null::double as numerator, null::double as denominator,
        case when count(value) = 5 then 100 * sum(weight * value) end as value, 1.0 as weight,
        null::double as contribution, null::double as coverage,
        case when count(value) = 5 then 'ok' else 'incomplete ' || count(value) || '/5' end as status,
        $index_target::double as target,
    from changed group by all
)
select period, period_start, channel, kpi, coalesce(numerator, 0) as numerator,
    coalesce(denominator, 0) as denominator, value, weight, contribution,
    case when value is not null then 0.97 end as coverage,
    case when value is null then 'missing' when denominator < 30 then 'small_sample' else 'ok' end as status,
    target,
from changed
union all by name select * from whole
"""

_FACTS = """
create table marts.fct_anomalies as
select ['taobao', 'douyin', 'jd'][1 + i % 3] as channel,
    'D' || (6920000000000 + i * 7919)::varchar as channel_order_id,
    ['pickup_timeout', 'ship_overdue', 'transit_stalled', 'delivery_exception'][(1 + hash(i) % 7 % 4)::int]
        as event_code,
    $as_of::timestamp - to_minutes(30 + i * 11) as detected_at,
    case when i % 5 > 1 then $as_of::timestamp - to_minutes(10 + i * 10) end as resolved_at,
    i % 2 = 0 as is_derived, i > 12 as is_due, i % 5 > 2 as is_resolved_2h,
    ['中通', '圆通', '京东物流'][(1 + hash(i, 'carrier') % 5 % 3)::int] as carrier,
    case when i % 4 = 1 then 'WH-HD-01' end as warehouse_code,
    (39 + (i * 37) % 900)::decimal(18, 2) as paid_amount_cny,
from range($anomalies) as r(i);
create table marts.fct_orders as
select ['taobao', 'douyin', 'jd'][1 + i % 3] as channel,
    'D' || (6920000000000 + i * 7919)::varchar as channel_order_id,
    (39 + (i * 37) % 900)::decimal(18, 2) as paid_amount_cny,
    $as_of::timestamp - to_minutes(3000 + i * 30) as paid_at,
    $as_of::timestamp - to_minutes(120 + i * 30) as promise_due_at,
    case when i % 9 > 0 then $as_of::timestamp - to_minutes(500 + i * 30) end as promise_met_at,
    i % 9 > 0 as is_on_time,
    case when i % 20 < 2 then 'group-' || (i // 20)::varchar end as merge_group_id,
    case when i % 20 < 2 then i // 20 % 2 = 0 end as is_merged,
from range($orders) as r(i);
create table marts.fct_change_requests as
select ['taobao', 'douyin', 'jd'][1 + i % 3] as channel,
    'D' || (6920000000000 + i * 7919)::varchar as channel_order_id,
    ['change_address', 'expedite', 'reschedule'][1 + i % 3] as request_type,
    $as_of::timestamp - to_minutes(1500 + i * 90) as requested_at,
    $as_of::timestamp - to_minutes(1400 + i * 90) as decided_at,
    if(i % 8 > 0, 'succeeded', 'rejected') as outcome, true as is_counted, i % 8 > 0 as is_success,
from range($orders) as r(i);
create table marts.fct_sla_offers as
select ['taobao', 'douyin', 'jd'][1 + i % 3] as channel,
    'D' || (6920000000000 + i * 7919)::varchar as channel_order_id, 'standard' as service_level,
    $as_of::timestamp - to_minutes(1500 + i * 120) as offered_at,
    $as_of::timestamp - to_minutes(1440 + i * 120) as expires_at,
    case when i % 3 > 0 then 'accepted' when i % 2 > 0 then 'declined' end as response,
    true as is_counted, i % 3 > 0 as is_accepted,
from range($orders) as r(i);
"""

_OF_ORDERS = """
update marts.fct_orders set status = 'shipped', carrier = '中通', receiver_name_mask = '王*',
    warehouse_code = if(hash(channel_order_id) % 3 = 0, 'WH-HN-02', 'WH-HD-01'),
    waybill_no = '75' || right(channel_order_id, 11),
    receiver_phone_mask = '138****' || right(channel_order_id, 4),
    customer_id = 'cus_' || (hash(channel_order_id) % 300)::varchar;
insert into marts.dim_warehouses by name
select unnest(['WH-HD-01', 'WH-HN-02']) as warehouse_code, unnest(['华东一仓', '华南二仓']) as name;
insert into marts.fct_order_events by name
select o.channel, o.channel_order_id, e.event_code, o.paid_at + to_hours(e.hours) as occurred_at,
    false as is_derived
from marts.fct_orders as o, (values ('order_created', -1), ('payment_succeeded', 0), ('order_shipped', 20),
    ('delivered_signed', 60)) as e(event_code, hours);
insert into marts.fct_order_lines by name
select channel, channel_order_id, channel_order_id || '-1' as channel_line_id, 'SKU-1' as sku_code,
    '挂耳咖啡' as product_name, 2 as quantity, status from marts.fct_orders;
"""


def write(
    data: Path,
    as_of: datetime,
    *,
    name: str = "serve_r1.duckdb",
    days: int = 75,
    missing: tuple[str, ...] = (),
    stale_feeds: tuple[str, ...] = (),
    absent_feeds: tuple[str, ...] = (),
    anomalies: int = 900,
    published_at: datetime | None = None,
    seed: int = 7,
) -> Path:
    """Write `data/serving/<name>` and point CURRENT at it; returns the file.

    `missing` are parts without a population; `days=0` makes a version in which nothing has data.
    """
    import duckdb

    serving = data / "serving"
    serving.mkdir(parents=True, exist_ok=True)
    path = serving / name
    path.unlink(missing_ok=True)
    with duckdb.connect(path) as con:
        con.execute("create schema marts")
        con.execute(
            "create temp table parts (kpi text, weight float8, target float8, mean float8, population int)"
        )
        con.executemany("insert into parts values (?, ?, ?, ?, ?)", [[k, *v] for k, v in WEIGHTS.items()])
        con.execute("create temp table channels as select unnest($c) as channel", {"c": list(CHANNELS)})
        start = as_of - timedelta(days=days)
        con.execute(_DAYS, {"from": start.date(), "to": as_of.date(), "seed": seed, "missing": list(missing)})
        if days == 0:
            con.execute("delete from days")
        con.execute(_INDEX, {"index_target": INDEX_TARGET})
        for statement in _FACTS.strip().rstrip(";").split(";\n"):
            values: dict[str, Any] = {
                "as_of": as_of,
                "anomalies": anomalies,
                "orders": 400 if days else 0,
            }
            con.execute(statement, {k: v for k, v in values.items() if f"${k}" in statement})
        _write_trust(con, as_of, stale_feeds, absent_feeds)
        app_marts.complete(con)
        for statement in _OF_ORDERS.strip().rstrip(";").split(";\n"):
            con.execute(statement)
    renewed = (published_at or as_of + timedelta(minutes=20)).replace(tzinfo=ZoneInfo("Asia/Shanghai"))
    os.utime(path, (renewed.timestamp(), renewed.timestamp()))
    (serving / "CURRENT").write_text(name + "\n", encoding="utf-8")
    return path


def _write_trust(
    con: duckdb.DuckDBPyConnection, as_of: datetime, stale: tuple[str, ...], absent: tuple[str, ...]
) -> None:
    con.execute(
        "create table marts.rpt_kpi_trust (kpi varchar, source_feed varchar, newest_exported_at timestamp,"
        " age_hours double, is_fresh boolean, coverage double, trust_status varchar, note_code varchar)"
    )
    rows = []
    for kpi, feeds in FEEDS.items():
        for feed in feeds:
            hours = None if feed in absent else 52.0 if feed in stale else 1.5
            status = "missing" if feed in absent else "stale" if feed in stale else "trusted"
            note = "feed_missing" if feed in absent else "feed_stale" if feed in stale else "ok"
            newest = None if hours is None else as_of - timedelta(hours=hours)
            coverage = 0.97 if hours else 0.0
            rows.append([kpi, feed, newest, hours, status == "trusted", coverage, status, note])
    con.executemany("insert into marts.rpt_kpi_trust values (?, ?, ?, ?, ?, ?, ?, ?)", rows)
