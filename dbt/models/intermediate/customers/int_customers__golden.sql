-- Grain: one row per (customer_id, field): the golden value, masked, its record under the store's code.
with golden as (
    select * from {{ ref('stg_golden') }}
),

store_ids as (
    select
        channel,
        raw_channel_order_id,
        channel_order_id
    from {{ ref('int_orders__store_ids') }}
),

final as (
    select
        golden.customer_id,
        golden.field,
        golden.value_mask,
        golden.adcode,
        case golden.completeness
            when 3 then 'complete'
            when 2 then 'mostly'
            else 'partial'
        end as completeness,
        golden.source,
        golden.channel,
        coalesce(store_ids.channel_order_id, golden.source_record_id) as source_record_id,
        golden.role,
        golden.touchpoint,
        golden.stated_at,
        golden.trust,
        golden.chosen_by,
        golden.records_agreeing,
        golden.records_differing,
        golden.values_seen
    from golden
    left join store_ids
        on
            golden.touchpoint = 'order'
            and golden.channel = store_ids.channel
            and golden.source_record_id = store_ids.raw_channel_order_id
)

select * from final
