-- Grain: one row per order in a merge group of two channels or more: (channel, channel_order_id).
-- A group's name comes from its first order, so it is the same in every run.
with recursive chains as (
    select * from {{ ref('int_orders__merge_chains') }}
),

starts (customer_id, address_key_token, place_no, group_end_place) as (
    select
        customer_id,
        address_key_token,
        place_no,
        group_end_place
    from chains
    where place_no = 1
    union all
    select
        chains.customer_id,
        chains.address_key_token,
        chains.place_no,
        chains.group_end_place
    from starts
    inner join chains
        on
            starts.customer_id = chains.customer_id
            and starts.address_key_token = chains.address_key_token
            and starts.group_end_place = chains.place_no
),

grouped as (
    select
        chains.channel,
        chains.channel_order_id,
        chains.customer_id,
        chains.address_key_token,
        chains.place_no,
        chains.paid_at,
        starts.place_no as group_start_place
    from starts
    inner join chains
        on
            starts.customer_id = chains.customer_id
            and starts.address_key_token = chains.address_key_token
            and starts.place_no <= chains.place_no
            and starts.group_end_place > chains.place_no
),

counted as (
    select
        customer_id,
        address_key_token,
        group_start_place,
        count(*) as order_count,
        count(distinct channel) as channel_count,
        min(paid_at) as first_paid_at,
        min(case when place_no = group_start_place then channel || '/' || channel_order_id end)
            as merge_group_id
    from grouped
    group by
        customer_id,
        address_key_token,
        group_start_place
),

final as (
    select
        grouped.channel,
        grouped.channel_order_id,
        counted.merge_group_id,
        counted.first_paid_at,
        counted.order_count,
        counted.channel_count
    from grouped
    inner join counted
        on
            grouped.customer_id = counted.customer_id
            and grouped.address_key_token = counted.address_key_token
            and grouped.group_start_place = counted.group_start_place
    where counted.channel_count > 1
)

select * from final
