-- Grain: one row per clause of an order: (channel, channel_order_id, clause_code, item_code), the item
-- code null but for services: what was promised, by when, and when it was done. A cold chain and a
-- pick-up have no hour of their own: they are done with the shipping.
{% set no_item = 'cast(null as ' ~ dbt.type_string() ~ ')' %}
with promised as (
    select * from {{ ref('int_orders__promised') }}
),

needs as (
    select * from {{ ref('int_orders__needs') }}
),

items as (
    select * from {{ ref('int_service_items__judged') }}
    where not is_cancelled
),

-- Same day: by 24:00 of the day of payment, sharp.
of_methods as (
    select
        needs.channel,
        needs.channel_order_id,
        needs.delivery_method,
        needs.temperature_needed,
        promised.shipped_at,
        promised.signed_at,
        {{ add_hours('cast(cast(promised.paid_at as date) as timestamp)', 24) }} as day_ends_at
    from needs
    inner join promised
        on
            needs.channel = promised.channel
            and needs.channel_order_id = promised.channel_order_id
    where
        needs.temperature_needed is not null
        or needs.delivery_method in ('same_day', 'pickup', 'installation')
),

final as (
    select
        channel,
        channel_order_id,
        'ship_by' as clause_code,
        {{ no_item }} as item_code,
        ship_due_at as promised_at,
        shipped_at as actual_at,
        promised_ship_at is null as is_default
    from promised
    union all
    select
        channel,
        channel_order_id,
        'deliver_by' as clause_code,
        {{ no_item }} as item_code,
        promised_delivery_at as promised_at,
        signed_at as actual_at,
        false as is_default
    from promised
    where promised_delivery_at is not null
    union all
    select
        channel,
        channel_order_id,
        'same_day' as clause_code,
        {{ no_item }} as item_code,
        day_ends_at as promised_at,
        signed_at as actual_at,
        false as is_default
    from of_methods
    where delivery_method = 'same_day'
    union all
    select
        channel,
        channel_order_id,
        case delivery_method when 'pickup' then 'pick_up' else 'installation' end as clause_code,
        {{ no_item }} as item_code,
        cast(null as timestamp) as promised_at,
        shipped_at as actual_at,
        false as is_default
    from of_methods
    where delivery_method in ('pickup', 'installation')
    union all
    select
        channel,
        channel_order_id,
        'cold_chain' as clause_code,
        {{ no_item }} as item_code,
        cast(null as timestamp) as promised_at,
        shipped_at as actual_at,
        false as is_default
    from of_methods
    where temperature_needed is not null
    union all
    select
        items.channel,
        items.channel_order_id,
        'service_item' as clause_code,
        items.item_code,
        items.required_by as promised_at,
        items.done_at as actual_at,
        false as is_default
    from items
    inner join promised
        on
            items.channel = promised.channel
            and items.channel_order_id = promised.channel_order_id
)

select * from final
