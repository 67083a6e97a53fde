-- Grain: one row per customer_id. Additive: order_count, paid_amount_cny. record_count is not: an order counts
-- for its owner and for its recipient. Orders are those owned; paid ones that were not cancelled have value.
-- Masks are those of the golden record; where each comes from stands in dim_customer_fields.
with records as (
    select * from {{ ref('int_customers__records') }}
),

orders as (
    select
        customer_id,
        count(*) as order_count,
        sum(case when paid_at is not null and not is_cancelled then paid_amount_cny end)
            as paid_amount_cny
    from {{ ref('fct_orders') }}
    where customer_id is not null
    group by customer_id
),

tiers as (
    select * from {{ ref('value_tiers') }}
),

golden as (
    select
        customer_id,
        max(case when field = 'name' then value_mask end) as name_mask,
        max(case when field = 'phone' then value_mask end) as phone_mask,
        max(case when field = 'gender' then value_mask end) as gender,
        max(case when field = 'birthday' then value_mask end) as birthday_mask,
        max(case when field = 'email' then value_mask end) as email_mask,
        max(case when field = 'address' then value_mask end) as address_mask,
        max(case when field = 'address' then adcode end) as adcode,
        max(case when field = 'member_no' then value_mask end) as member_no_mask
    from {{ ref('int_customers__golden') }}
    group by customer_id
),

customers as (
    select
        customer_id,
        min(occurred_at) as first_seen_at,
        max(occurred_at) as last_seen_at,
        {{ sorted_values('channel') }} as channels,
        count(distinct channel) as channel_count,
        {{ sorted_values('touchpoint') }} as touchpoints,
        count(*) as record_count
    from records
    group by customer_id
),

measured as (
    select
        customers.*,
        coalesce(orders.order_count, 0) as order_count,
        cast(coalesce(orders.paid_amount_cny, 0) as decimal(18, 2)) as paid_amount_cny
    from customers
    left join orders
        on customers.customer_id = orders.customer_id
),

tiered as (
    select
        measured.*,
        tiers.value_tier
    from measured
    left join tiers
        on
            measured.paid_amount_cny >= tiers.min_paid_amount_cny
            and measured.paid_amount_cny < tiers.below_paid_amount_cny
),

final as (
    select
        tiered.customer_id,
        tiered.first_seen_at,
        tiered.last_seen_at,
        tiered.channels,
        cast(tiered.channel_count as bigint) as channel_count,
        tiered.touchpoints,
        cast(tiered.record_count as bigint) as record_count,
        cast(tiered.order_count as bigint) as order_count,
        tiered.paid_amount_cny,
        tiered.value_tier,
        golden.name_mask,
        golden.phone_mask,
        golden.gender,
        golden.birthday_mask,
        golden.email_mask,
        golden.address_mask,
        golden.adcode,
        golden.member_no_mask
    from tiered
    left join golden
        on tiered.customer_id = golden.customer_id
)

select * from final
