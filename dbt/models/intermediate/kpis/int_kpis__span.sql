-- Grain: one row: the first day on which a part of the index has anything to count, and the cut-off's.
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
        min(counted.observed_on) as first_day,
        cast({{ as_of() }} as date) as last_day
    from counted
    inner join parts
        on counted.kpi = parts.kpi
)

select * from final
