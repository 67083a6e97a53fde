-- Grain: one row per mergeable order: (customer_id, address_key_token, place_no), with the place at
-- which a group that holds this order must end: the first later order paid over 24 h after the one
-- before it, or paid after something of the group had shipped. Static per order, so that groups
-- follow by walking from end to end.
with orders as (
    select
        *,
        count(*) over (partition by customer_id, address_key_token) as order_count
    from {{ ref('int_orders__mergeable') }}
),

candidates as (
    select
        *,
        lead(paid_at) over (
            partition by customer_id, address_key_token
            order by place_no asc nulls last
        ) as next_paid_at
    from orders
    where order_count > 1
),

shipped_before as (
    select
        earlier.customer_id,
        earlier.address_key_token,
        earlier.place_no,
        min(later.place_no) as ends_at_place
    from candidates as earlier
    inner join candidates as later
        on
            earlier.customer_id = later.customer_id
            and earlier.address_key_token = later.address_key_token
            and earlier.place_no < later.place_no
            and earlier.first_shipped_at < later.paid_at
    group by
        earlier.customer_id,
        earlier.address_key_token,
        earlier.place_no
),

limited as (
    select
        candidates.*,
        least(
            shipped_before.ends_at_place,
            case
                when candidates.next_paid_at > {{ add_hours('candidates.paid_at', 24) }}
                    then candidates.place_no + 1
            end,
            candidates.order_count + 1
        ) as own_end_place
    from candidates
    left join shipped_before
        on
            candidates.customer_id = shipped_before.customer_id
            and candidates.address_key_token = shipped_before.address_key_token
            and candidates.place_no = shipped_before.place_no
),

final as (
    select
        customer_id,
        address_key_token,
        place_no,
        channel,
        channel_order_id,
        paid_at,
        min(own_end_place) over (
            partition by customer_id, address_key_token
            order by place_no asc nulls last
            rows between current row and unbounded following
        ) as group_end_place
    from limited
)

select * from final
