-- Grain: one row per (rule_code, record_key): phones (by token) that many customers share or that look made up,
-- and customers with two birthdays (by their least record: ids may change). Tokens and masks alone.
-- Ten customers: beyond a family, a dormitory room or a small firm's reception, the widest circles that share a
-- number in the simulated world. Three for a number with a tail that people type when they have none.
{% set most_sharing, most_made_up = 10, 3 %}
with records as (
    select distinct
        shown.phone_token,
        shown.phone_mask,
        known.customer_id
    from {{ ref('stg_customer_records') }} as shown
    inner join {{ ref('int_customers__records') }} as known
        on
            shown.source = known.source
            and shown.source_record_id = known.source_record_id
    where
        shown.phone_token is not null
        and known.role = 'owner'
),

phones as (
    select
        phone_token,
        max(phone_mask) as phone_mask,
        count(distinct customer_id) as customer_count
    from records
    group by phone_token
),

judged as (
    select
        case
            when
                customer_count >= {{ most_made_up }}
                and (
                    phone_mask like '%0000'
                    or phone_mask like '%1111'
                    or phone_mask like '%8888'
                    or phone_mask like '%1234'
                    or phone_mask like '138%8000'
                )
                then 'customer_phone_dummy'
            when customer_count >= {{ most_sharing }} then 'customer_phone_shared'
        end as rule_code,
        phone_token as record_key,
        phone_mask as value,
        cast(customer_count as {{ dbt.type_string() }}) as detail,
        'phone' as touch_by
    from phones
),

merged as (
    select
        'customer_merge_conflict' as rule_code,
        min(known.source || '/' || known.source_record_id) as record_key,
        max(golden.value_mask) as value,
        cast(max(golden.values_seen) as {{ dbt.type_string() }}) as detail,
        'customer' as touch_by,
        golden.customer_id as touch_key
    from {{ ref('int_customers__golden') }} as golden
    inner join {{ ref('int_customers__records') }} as known
        on golden.customer_id = known.customer_id
    where
        golden.field = 'birthday'
        and golden.values_seen >= 2
    group by golden.customer_id
),

final as (
    select
        *,
        record_key as touch_key
    from judged
    where rule_code is not null
    union all
    select * from merged
)

select * from final
