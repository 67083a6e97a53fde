-- Grain: one row per exported line of the feed `orders`, every export of it; the newest is chosen
-- downstream.
with exported as (
    select
        channel,
        shop_id,
        channel_order_id,
        channel_line_id,
        parent_order_id,
        status_raw,
        status,
        aftersale_status,
        channel_sku_code,
        product_name,
        spec,
        quantity,
        unit_price_cny,
        line_amount_cny,
        order_amount_cny,
        freight_cny,
        discount_cny,
        paid_amount_cny,
        paid_share_cny,
        buyer_account_token,
        buyer_account_mask,
        unionid,
        openid,
        external_userid,
        addressee_id,
        receiver_name_token,
        receiver_name_mask,
        receiver_phone_token,
        receiver_phone_mask,
        receiver_province,
        receiver_city,
        receiver_district,
        receiver_town,
        receiver_address_token,
        receiver_address_mask,
        ordered_at,
        paid_at,
        promised_ship_at,
        promised_delivery_at,
        shipped_at,
        signed_at,
        completed_at,
        closed_at,
        delivery_method,
        service_level,
        carrier,
        waybill_no,
        pay_id,
        warehouse_code,
        store_id,
        buyer_message,
        buyer_message_token,
        seller_remark,
        seller_remark_token,
        is_deleted,
        extras,
        source,
        batch_id,
        source_file,
        source_line,
        exported_at
    from {{ source('lake', 'orders') }}
    where exported_at <= {{ as_of() }}
),

batches as (
    select
        batch_id,
        arrival_seq,
        grain,
        carried_columns
    from {{ source('lake', 'batches') }}
    where state = 'accepted'
),

final as (
    select
        exported.*,
        batches.arrival_seq,
        batches.grain,
        batches.carried_columns
    from exported
    inner join batches
        on exported.batch_id = batches.batch_id
)

select * from final
