-- Grain: one row per exported line of the feed `customer_records`, every export of it; the newest
-- is chosen downstream.
with exported as (
    select
        touchpoint,
        source_record_id,
        occurred_at,
        unionid,
        openid,
        app_id,
        external_userid,
        user_id,
        member_no,
        buyer_account_token,
        buyer_account_mask,
        pay_id,
        addressee_id,
        visitor_id,
        ticket_id,
        device_id,
        phone_token,
        phone_mask,
        name_token,
        name_mask,
        nickname_token,
        nickname_mask,
        gender,
        birthday_token,
        birthday_mask,
        email_token,
        email_mask,
        province,
        city,
        district,
        town,
        address_token,
        address_mask,
        channel,
        channel_order_id,
        consent,
        extras,
        source,
        batch_id,
        source_file,
        source_line,
        exported_at
    from {{ source('lake', 'customer_records') }}
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
