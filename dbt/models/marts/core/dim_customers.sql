-- Grain: one row per customer_id. Additive: order_count, paid_amount_cny. record_count is not: an order counts
-- for its owner and for its recipient. Orders are those owned; paid ones that were not cancelled have value.
-- Masks are those of the golden record; where each comes from stands in dim_customer_fields.
with records as (
    select * from {{ ref('int_customers__records') }}
),

valued as (
    select * from {{ ref('int_customers__valued') }}
),

tiers as (
    select * from {{ ref('value_tiers') }}
    where
        min_paid_amount_cny <= 0
        and below_paid_amount_cny > 0
        and cast({{ as_of() }} as date) between valid_from and valid_to
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
        coalesce(valued.order_count, 0) as order_count,
        cast(coalesce(valued.paid_amount_cny, 0) as decimal(18, 2)) as paid_amount_cny,
        coalesce(valued.value_tier, tiers.value_tier) as value_tier
    from customers
    left join valued
        on customers.customer_id = valued.customer_id
    left join tiers
        on valued.customer_id is null
),

final as (
    select
        measured.customer_id,
        measured.first_seen_at,
        measured.last_seen_at,
        measured.channels,
        cast(measured.channel_count as bigint) as channel_count,
        measured.touchpoints,
        cast(measured.record_count as bigint) as record_count,
        cast(measured.order_count as bigint) as order_count,
        measured.paid_amount_cny,
        measured.value_tier,
        golden.name_mask,
        golden.phone_mask,
        golden.gender,
        golden.birthday_mask,
        golden.email_mask,
        golden.address_mask,
        golden.adcode,
        golden.member_no_mask
    from measured
    left join golden
        on measured.customer_id = golden.customer_id
)

select * from final
