-- Grain: one row per (channel, channel_order_id, channel_line_id, aftersale_id, time_column,
-- event_code): what a time column of an order, a line or an after-sale case dates. The line id is
-- null where the whole order has one time.
with orders as (
    select
        channel,
        channel_order_id,
        ordered_at,
        paid_at,
        signed_at,
        completed_at,
        first_line_shipped_at,
        case
            when first_line_shipped_at is null then header_shipped_at
            when
                first_line_shipped_at = last_shipped_at and shipped_line_count = live_line_count
                then first_line_shipped_at
        end as shipped_at,
        coalesce(header_closed_at, last_line_closed_at) as closed_at
    from {{ retold(ref('int_orders__joined')) }}
),

parcels as (
    select
        order_lines.channel,
        order_lines.channel_order_id,
        order_lines.channel_line_id,
        order_lines.shipped_at
    from {{ retold(ref('int_orders__lines')) }} as order_lines
    inner join orders
        on
            order_lines.channel = orders.channel
            and order_lines.channel_order_id = orders.channel_order_id
    where
        order_lines.shipped_at is not null
        and orders.shipped_at is null
        and orders.first_line_shipped_at is not null
),

aftersales as (
    select
        channel,
        channel_order_id,
        channel_line_id,
        aftersale_id,
        requested_at,
        refunded_at
    from {{ retold(ref('int_aftersales__deduplicated')) }}
),

dated as (
    {% for time_column in [
        'ordered_at', 'paid_at', 'shipped_at', 'signed_at', 'completed_at', 'closed_at'
    ] %}
        select
            channel,
            channel_order_id,
            cast(null as {{ dbt.type_string() }}) as channel_line_id,
            cast(null as {{ dbt.type_string() }}) as aftersale_id,
            '{{ time_column }}' as time_column,
            {{ time_column }} as occurred_at,
            paid_at is null as is_unpaid
        from orders
        where {{ time_column }} <= {{ as_of() }}
        union all
    {% endfor %}
    select
        channel,
        channel_order_id,
        channel_line_id,
        cast(null as {{ dbt.type_string() }}) as aftersale_id,
        'shipped_at' as time_column,
        shipped_at as occurred_at,
        false as is_unpaid
    from parcels
    where shipped_at <= {{ as_of() }}
    {% for time_column in ['requested_at', 'refunded_at'] %}
        union all
        select
            channel,
            channel_order_id,
            channel_line_id,
            aftersale_id,
            '{{ time_column }}' as time_column,
            {{ time_column }} as occurred_at,
            false as is_unpaid
        from aftersales
        where {{ time_column }} <= {{ as_of() }}
    {% endfor %}
),

final as (
    select
        dated.channel,
        dated.channel_order_id,
        dated.channel_line_id,
        dated.aftersale_id,
        dated.time_column,
        codes.event_code,
        dated.occurred_at
    from dated
    inner join {{ ref('column_events') }} as codes
        on
            dated.time_column = codes.time_column
            and codes.channel in ('*', dated.channel)
    where dated.is_unpaid or not codes.only_unpaid
)

select * from final
