-- Grain: one row per (kpi, source_feed): how far the KPI may be trusted as far as this feed goes. Nothing adds
-- up; a KPI is as trusted as its worst row. Coverage is that of the whole span, all channels; that of each day
-- stands in rpt_kpi_trust_days.
with needs as (
    select * from {{ ref('kpi_feeds') }}
    where cast({{ as_of() }} as date) between valid_from and valid_to
),

feeds as (
    select * from {{ ref('int_feeds__freshness') }}
),

kpis as (
    select
        kpi,
        value,
        coverage
    from {{ ref('rpt_kpis') }}
    where
        period = 'total'
        and dimension = 'all'
),

lost as (
    select
        kpi,
        points_lost
    from {{ ref('rpt_quality_impact') }}
    where scope = 'all'
),

measured as (
    select
        needs.kpi,
        needs.source_feed,
        feeds.newest_exported_at,
        cast(
            {{ seconds_between('feeds.newest_exported_at', as_of()) }} as double
        ) / 3600 as age_hours,
        feeds.oldest_source,
        cast(
            {{ seconds_between('feeds.oldest_source_exported_at', as_of()) }} as double
        ) / 3600 as oldest_source_age_hours,
        needs.fresh_within_hours,
        needs.coverage_floor,
        kpis.value,
        kpis.coverage,
        lost.points_lost
    from needs
    left join feeds
        on needs.source_feed = feeds.feed
    left join kpis
        on needs.kpi = kpis.kpi
    left join lost
        on needs.kpi = lost.kpi
),

noted as (
    select
        *,
        coalesce(age_hours <= fresh_within_hours, false) as is_fresh,
        case
            when newest_exported_at is null then 'feed_missing'
            when value is null then 'no_population'
            when age_hours > fresh_within_hours then 'feed_stale'
            when coalesce(coverage, 0) < coverage_floor then 'coverage_low'
            when oldest_source_age_hours > fresh_within_hours then 'source_silent'
            else 'ok'
        end as note_code
    from measured
),

final as (
    select
        kpi,
        source_feed,
        newest_exported_at,
        age_hours,
        is_fresh,
        oldest_source,
        oldest_source_age_hours,
        cast(coverage as double) as coverage,
        coalesce(points_lost, 0) as points_lost,
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
