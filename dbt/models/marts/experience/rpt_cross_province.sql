-- Grain: one row per (observed_on, channel), `all` included; additive over both but for `all`. Paid
-- orders by day of payment; what is wrongly held to cross provinces would not with two standardised
-- addresses.
with orders as (
    select * from {{ ref('int_orders__provinces') }}
),

costs as (
    select * from {{ ref('routing_costs') }}
    where cost = 'cross_province_parcel'
),

costed as (
    select
        orders.channel,
        cast(orders.paid_at as date) as observed_on,
        orders.is_cross_province,
        orders.is_cross_as_written,
        orders.is_wrongly_cross,
        case when orders.is_wrongly_cross then costs.cny else 0 end as extra_freight_cny
    from orders
    left join costs
        on cast(orders.paid_at as date) between costs.valid_from and costs.valid_to
),

counted as (
    select
        observed_on,
        coalesce(channel, 'all') as channel,
        count(*) as order_count,
        count(is_cross_province) as judged_count,
        sum(case when is_cross_province then 1 else 0 end) as cross_count,
        sum(case when is_cross_as_written then 1 else 0 end) as cross_as_written_count,
        sum(case when is_wrongly_cross then 1 else 0 end) as wrongly_cross_count,
        sum(extra_freight_cny) as extra_freight_cny
    from costed
    group by grouping sets ((channel, observed_on), (observed_on))
),

final as (
    select
        observed_on,
        cast(channel as {{ dbt.type_string() }}) as channel,
        cast(order_count as bigint) as order_count,
        cast(judged_count as bigint) as judged_count,
        cast(cross_count as bigint) as cross_count,
        cast(cross_as_written_count as bigint) as cross_as_written_count,
        cast(wrongly_cross_count as bigint) as wrongly_cross_count,
        case
            when judged_count > 0
                then cast(wrongly_cross_count as double) / cast(judged_count as double)
        end as value,
        cast(judged_count as double) / cast(order_count as double) as coverage,
        cast(extra_freight_cny as decimal(18, 2)) as extra_freight_cny
    from counted
)

select * from final
