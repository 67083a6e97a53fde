-- Grain: one row per till receipt whose store name resolves to a resource code: (channel,
-- raw_channel_order_id). A receipt number is unique only per store and day; files name the store,
-- the rest of the house its code.
with receipts as (
    select distinct
        channel,
        channel_order_id as raw_channel_order_id,
        store_id
    from {{ ref('stg_orders') }}
    where
        channel = 'pos'
        and store_id is not null
),

store_names as (
    select
        name as store_name,
        min(resource_code) as resource_code
    from {{ ref('int_resources__deduplicated') }}
    where name is not null
    group by name
    having count(distinct resource_code) = 1
),

final as (
    select
        receipts.channel,
        receipts.raw_channel_order_id,
        store_names.resource_code
        || substr(receipts.raw_channel_order_id, length(receipts.store_id) + 1) as channel_order_id,
        store_names.resource_code as store_id
    from receipts
    inner join store_names
        on receipts.store_id = store_names.store_name
    where substr(receipts.raw_channel_order_id, 1, length(receipts.store_id)) = receipts.store_id
)

select * from final
