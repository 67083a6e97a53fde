-- Grain: one row per resource and day on which it was in force, over the last hours of kpi_windows
-- (`resource_days`), from the first day that anything is told of: (resource_code, load_date). Of two versions of
-- one day the later counts. order_basis: what tells of the orders of its kind; null: nothing does.
with resources as (
    select * from {{ ref('int_resources__placed') }}
),

span as (
    select
        greatest(
            cast({{ add_hours(as_of(), '-hours') }} as date),
            (select min(known.load_date) from (
                select load_date from {{ ref('int_resources__ordered') }}
                union all
                select load_date from {{ ref('int_resources__reported') }}
            ) as known)
        ) as first_day,
        cast({{ as_of() }} as date) as last_day
    from {{ ref('kpi_windows') }}
    where
        window_code = 'resource_days'
        and cast({{ as_of() }} as date) between valid_from and valid_to
),

days as (
    select spine.date_day as load_date
    from {{ date_spine("(select first_day from span)", "(select last_day from span)") }} as spine
),

final as (
    select
        resources.*,
        days.load_date,
        case
            when resources.resource_type in ('warehouse', 'store') then 'ship_due'
            when resources.resource_type in ('rider', 'technician') then 'offer'
            when resources.resource_type = 'carrier' then 'carrier'
        end as order_basis
    from days
    inner join resources
        on
            resources.in_force_from < {{ add_hours('cast(days.load_date as timestamp)', 24) }}
            and resources.in_force_until > cast(days.load_date as timestamp)
    qualify row_number() over (
        partition by resources.resource_code, days.load_date
        order by resources.in_force_from desc nulls last
    ) = 1
)

select * from final
