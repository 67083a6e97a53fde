-- Grain: one row per order of a line-grain source: (channel, channel_order_id): order attributes
-- that the platform repeats on each line. They agree line by line; where they do not, the least
-- wins, so that no row order matters. Of what holds tokens the first line wins: another vault key
-- makes other tokens, and must not choose another address.
with lines as (
    select
        states.*,
        coalesce(order_states.is_cancelled, false) as is_cancelled
    from {{ ref('int_orders__line_states') }} as states
    left join {{ ref('order_states') }} as order_states
        on states.status = order_states.status
),

final as (
    select
        channel,
        channel_order_id,
        min(shop_id) as shop_id,
        min(parent_order_id) as parent_order_id,
        max(order_amount_cny) as order_amount_cny,
        max(freight_cny) as freight_cny,
        max(paid_amount_cny) as paid_amount_cny,
        min(receiver_name_mask) as receiver_name_mask,
        min(receiver_phone_mask) as receiver_phone_mask,
        min_by(
            receiver_address_token,
            case when receiver_address_token is not null then channel_line_id end
        ) as receiver_address_token,
        min(ordered_at) as ordered_at,
        min(paid_at) as paid_at,
        coalesce(min(case when not is_cancelled then promised_ship_at end), min(promised_ship_at))
            as promised_ship_at,
        coalesce(
            min(case when not is_cancelled then promised_delivery_at end), min(promised_delivery_at)
        )
            as promised_delivery_at,
        max(signed_at) as signed_at,
        max(completed_at) as completed_at,
        min(delivery_method) as delivery_method,
        min(service_level) as service_level,
        min(carrier) as carrier,
        min(waybill_no) as waybill_no,
        min(warehouse_code) as warehouse_code,
        min(store_id) as store_id,
        min_by(extras, case when extras is not null then channel_line_id end) as extras,
        min(source) as source,
        min(first_exported_at) as first_exported_at,
        max(last_exported_at) as last_exported_at
    from lines
    group by
        channel,
        channel_order_id
)

select * from final
