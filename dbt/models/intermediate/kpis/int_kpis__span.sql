-- Grain: one row: the first day on which a part of the index has anything to count, and the cut-off's. Where
-- no part has, the first day of any KPI; where nothing is counted, the cut-off's.
with counted as (
    select
        kpi,
        observed_on
    from {{ ref('int_kpis__counted') }}
),

parts as (
    select distinct kpi from {{ ref('index_weights') }}
),

final as (
    select
        coalesce(
            min(case when parts.kpi is not null then counted.observed_on end),
            min(counted.observed_on),
            cast({{ as_of() }} as date)
        ) as first_day,
        cast({{ as_of() }} as date) as last_day
    from counted
    left join parts
        on counted.kpi = parts.kpi
)

select * from final
