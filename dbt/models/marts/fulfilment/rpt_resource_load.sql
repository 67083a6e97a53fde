-- Grain: one row per resource and day on which it was in force, over the last hours of kpi_windows
-- (`resource_days`): (resource_code, load_date). Additive: the counts, and capacity_per_day over resources of one
-- kind. What nobody says (a capacity, a load, orders of a kind that nothing tells of) is null, never zero.
with in_force as (
    select * from {{ ref('int_resources__in_force') }}
),

ordered as (
    select * from {{ ref('int_resources__ordered') }}
),

reported as (
    select * from {{ ref('int_resources__reported') }}
),

bands as (
    select * from {{ ref('load_bands') }}
),

measured as (
    select
        in_force.*,
        reported.report_count,
        {{ nth('reported.load_at', 1) }} as p50_load,
        reported.peak_load,
        reported.is_available,
        reported.unavailable_report_count,
        reported.last_observed_at,
        reported.late_report_count,
        {{ nth('reported.lag_at', 1) }} as p95_report_lag_seconds,
        case
            when in_force.order_basis is not null then coalesce(ordered.order_count, 0)
        end as order_count
    from in_force
    left join ordered
        on
            in_force.resource_code = ordered.resource_code
            and in_force.load_date = ordered.load_date
            and in_force.order_basis = ordered.basis
    left join reported
        on
            in_force.resource_code = reported.resource_code
            and in_force.load_date = reported.load_date
),

used as (
    select
        *,
        {{ ratio('order_count', 'capacity_per_day') }} as utilisation_rate
    from measured
),

final as (
    select
        used.resource_code,
        used.load_date,
        used.resource_type,
        used.name,
        used.adcode,
        used.skills,
        used.temperature_zones,
        used.service_radius_km,
        used.order_basis,
        cast(used.order_count as bigint) as order_count,
        cast(used.capacity_per_day as decimal(18, 3)) as capacity_per_day,
        used.utilisation_rate,
        filled.load_band as utilisation_band,
        cast(case
            when used.order_count > used.capacity_per_day
                then used.order_count - used.capacity_per_day
            when used.order_count <= used.capacity_per_day then 0
        end as decimal(18, 3)) as over_capacity_count,
        cast(coalesce(used.report_count, 0) as bigint) as report_count,
        used.p50_load,
        used.peak_load,
        loaded.load_band,
        used.is_available,
        cast(coalesce(used.unavailable_report_count, 0) as bigint) as unavailable_report_count,
        used.last_observed_at,
        cast(coalesce(used.late_report_count, 0) as bigint) as late_report_count,
        used.p95_report_lag_seconds
    from used
    left join bands as filled
        on
            used.utilisation_rate >= filled.from_load
            and used.utilisation_rate < filled.below_load
            and used.load_date between filled.valid_from and filled.valid_to
    left join bands as loaded
        on
            used.peak_load >= loaded.from_load
            and used.peak_load < loaded.below_load
            and used.load_date between loaded.valid_from and loaded.valid_to
)

select * from final
