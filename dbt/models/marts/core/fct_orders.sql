-- Grain: one row per (channel, channel_order_id). Additive: paid_amount_cny, line_count. Join to
-- lines on both.
with joined as (
    select * from {{ ref('int_orders__joined') }}
),

timed as (
    select * from {{ ref('int_orders__timed') }}
),

promised as (
    select * from {{ ref('int_orders__promised') }}
),

customers as (
    select * from {{ ref('int_orders__customers') }}
),

addresses as (
    select * from {{ ref('int_addresses__current') }}
),

marked as (
    select * from {{ ref('int_orders__marked') }}
),

stepped as (
    select * from {{ ref('int_cycles__steps') }}
),

final as (
    select
        joined.channel,
        joined.channel_order_id,
        joined.parent_order_id,
        joined.shop_id,
        customers.customer_id,
        customers.recipient_customer_id,
        joined.status,
        joined.status_raw,
        joined.is_cancelled,
        cast(marked.forbidden_transition_count as bigint) as forbidden_transition_count,
        cast(marked.backward_transition_count as bigint) as backward_transition_count,
        cast(joined.line_count as bigint) as line_count,
        cast(joined.paid_amount_cny as decimal(18, 2)) as paid_amount_cny,
        cast(joined.freight_cny as decimal(18, 2)) as freight_cny,
        joined.ordered_at,
        timed.paid_at,
        stepped.released_at,
        stepped.picked_at,
        stepped.outbound_at,
        timed.shipped_at,
        timed.first_shipped_at,
        timed.picked_up_at,
        timed.signed_at,
        joined.completed_at,
        timed.closed_at,
        timed.fully_refunded_at,
        promised.promise_kind,
        promised.promise_due_at,
        promised.promise_met_at,
        promised.is_on_time,
        marked.contract_id,
        marked.merge_group_id,
        marked.is_merged,
        joined.receiver_address_token as address_token,
        addresses.adcode,
        joined.receiver_name_mask,
        joined.receiver_phone_mask,
        joined.delivery_method,
        joined.carrier,
        joined.waybill_no,
        joined.warehouse_code,
        joined.store_id,
        joined.extras,
        joined.source,
        joined.first_exported_at,
        joined.last_exported_at,
        marked.is_absent_since
    from joined
    inner join timed
        on
            joined.channel = timed.channel
            and joined.channel_order_id = timed.channel_order_id
    inner join marked
        on
            joined.channel = marked.channel
            and joined.channel_order_id = marked.channel_order_id
    left join stepped
        on
            joined.channel = stepped.channel
            and joined.channel_order_id = stepped.channel_order_id
    left join promised
        on
            joined.channel = promised.channel
            and joined.channel_order_id = promised.channel_order_id
    left join customers
        on
            joined.channel = customers.channel
            and joined.channel_order_id = customers.channel_order_id
    left join addresses
        on joined.receiver_address_token = addresses.address_token
)

select * from final
