-- Grain: one row per (kpi, observed_on, source_feed): how far the KPI of a day may be trusted as far as this feed
-- goes. Nothing adds up; a day is as trusted as its worst row. Findings are those open now, whatever the day.
with needs as (
    select * from {{ ref('kpi_feeds') }}
),

feeds as (
    select * from {{ ref('int_feeds__freshness') }}
),

days as (
    select
        kpi,
        period_start as observed_on,
        denominator,
        coverage,
        least(
            {{ add_hours('cast(period_start as timestamp)', 24) }}, {{ as_of() }}
        ) as day_ends_at
    from {{ ref('rpt_kpis') }}
    where
        period = 'day'
        and dimension = 'all'
),

found as (
    select
        entity,
        count(*) as finding_count,
        sum(orders_touched) as affected_orders
    from {{ ref('rpt_quality_findings') }}
    where resolved_at is null
    group by entity
),

findings as (
    select
        master_data.kpi,
        sum(coalesce(found.finding_count, 0)) as finding_count,
        sum(coalesce(found.affected_orders, 0)) as affected_orders
    from {{ ref('kpi_master_data') }} as master_data
    left join found
        on master_data.entity = found.entity
    group by master_data.kpi
),

measured as (
    select
        days.kpi,
        days.observed_on,
        needs.source_feed,
        feeds.newest_exported_at,
        greatest(
            0,
            cast({{ seconds_between('feeds.newest_exported_at', 'days.day_ends_at') }} as double)
            / 3600
        ) as unseen_hours,
        needs.fresh_within_hours,
        needs.coverage_floor,
        days.denominator,
        days.coverage,
        coalesce(findings.finding_count, 0) as finding_count,
        coalesce(findings.affected_orders, 0) as affected_orders,
        case when findings.kpi is not null then coalesce(lost.points_lost, 0) end as points_lost
    from days
    inner join needs
        on
            days.kpi = needs.kpi
            and days.observed_on between needs.valid_from and needs.valid_to
    left join feeds
        on needs.source_feed = feeds.feed
    left join findings
        on days.kpi = findings.kpi
    left join {{ ref('rpt_quality_impact') }} as lost
        on
            days.kpi = lost.kpi
            and lost.scope = 'day'
            and cast(days.observed_on as {{ dbt.type_string() }}) = lost.scope_id
),

noted as (
    select
        *,
        case
            when newest_exported_at is null then 'feed_missing'
            when denominator = 0 then 'no_population'
            when unseen_hours > fresh_within_hours then 'feed_stale'
            when coalesce(coverage, 0) < coverage_floor then 'coverage_low'
            when finding_count > 0 then 'findings_open'
            else 'ok'
        end as note_code
    from measured
),

final as (
    select
        kpi,
        observed_on,
        source_feed,
        newest_exported_at,
        case when newest_exported_at is not null then unseen_hours end as unseen_hours,
        coalesce(unseen_hours <= fresh_within_hours and newest_exported_at is not null, false)
            as is_fresh,
        coverage,
        cast(finding_count as bigint) as open_findings,
        cast(affected_orders as bigint) as affected_orders,
        points_lost,
        case
            when note_code in ('feed_missing', 'no_population') then 'missing'
            when note_code = 'feed_stale' then 'stale'
            when note_code = 'coverage_low' then 'incomplete'
            else 'trusted'
        end as trust_status,
        note_code
    from noted
)

select * from final
