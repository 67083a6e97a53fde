-- Grain: one row per exported order or line (`grain`: order, line, or copy for a line of an ERP's
-- copy), every export of it, till receipts under their store's code, the name that the file gives it
-- beside (`store_name`). A run adds the batches that are new.
{{ store_of_batches() }}

with exported as (
    select * from {{ ref('stg_orders') }}
    where {{ is_news() }}
),

store_ids as (
    select
        channel,
        raw_channel_order_id,
        channel_order_id,
        store_id
    from {{ ref('int_orders__store_ids') }}
),

final as (
    select
        exported.channel,
        exported.shop_id,
        exported.parent_order_id,
        exported.status_raw,
        exported.status,
        exported.aftersale_status,
        exported.channel_sku_code,
        exported.product_name,
        exported.spec,
        exported.quantity,
        exported.unit_price_cny,
        exported.line_amount_cny,
        exported.order_amount_cny,
        exported.freight_cny,
        exported.discount_cny,
        exported.paid_amount_cny,
        exported.paid_share_cny,
        exported.receiver_name_mask,
        exported.receiver_phone_mask,
        exported.receiver_address_token,
        exported.ordered_at,
        exported.paid_at,
        exported.promised_ship_at,
        exported.promised_delivery_at,
        exported.shipped_at,
        exported.signed_at,
        exported.completed_at,
        exported.closed_at,
        exported.delivery_method,
        exported.service_level,
        exported.carrier,
        exported.waybill_no,
        exported.pay_id,
        exported.warehouse_code,
        exported.extras,
        exported.source,
        exported.batch_id,
        exported.source_line,
        exported.exported_at,
        exported.arrival_seq,
        exported.grain,
        exported.carried_columns,
        coalesce(store_ids.channel_order_id, exported.channel_order_id) as channel_order_id,
        case
            when store_ids.channel_order_id is null then exported.channel_line_id
            else
                store_ids.channel_order_id
                || substr(exported.channel_line_id, length(exported.channel_order_id) + 1)
        end as channel_line_id,
        coalesce(store_ids.store_id, exported.store_id) as store_id,
        exported.store_id as store_name
    from exported
    left join store_ids
        on
            exported.channel = store_ids.channel
            and exported.channel_order_id = store_ids.raw_channel_order_id
)

select * from final
