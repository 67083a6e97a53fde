-- Grain: one row per (finding_rule, address_token), or per (finding_rule, adcode) for spellings: what owners of
-- address data should mend. `affected` counts orders.
with addresses as (
    select * from {{ ref('int_addresses__current') }}
),

orders as (
    select
        receiver_address_token as address_token,
        count(*) as order_count
    from {{ ref('int_orders__joined') }}
    where receiver_address_token is not null
    group by receiver_address_token
),

told as (
    select
        addresses.*,
        coalesce(orders.order_count, 0) as order_count
    from addresses
    left join orders
        on addresses.address_token = orders.address_token
),

single as (
    select
        case
            when match_method = 'none' then 'address_unparsed'
            when match_method = 'ambiguous' then 'address_ambiguous'
            when coalesce(has_conflict, false) then 'address_conflict'
            when visible_to in ('province', 'city') then 'address_incomplete'
            when match_method = 'legacy' then 'address_legacy'
            when match_method = 'typo' then 'address_typo'
        end as finding_rule,
        address_token as subject,
        adcode,
        district_written as detail,
        case
            when match_method = 'ambiguous' then {{ joined_list('candidates') }}
            when match_method in ('legacy', 'typo') then district
        end as suggestion,
        order_count as affected
    from told
),

spelt as (
    select
        adcode,
        district,
        district_written,
        sum(order_count) as affected
    from told
    where
        district is not null
        and district_written is not null
    group by
        adcode,
        district,
        district_written
),

districts as (
    select
        'district_spellings' as finding_rule,
        adcode as subject,
        adcode,
        {{ sorted_values('district_written') }} as detail,
        max(district) as suggestion,
        sum(affected) as affected
    from spelt
    group by adcode
    having count(*) >= 3
),

final as (
    select
        finding_rule,
        subject,
        adcode,
        detail,
        suggestion,
        affected
    from single
    where finding_rule is not null
    union all
    select
        finding_rule,
        subject,
        adcode,
        detail,
        suggestion,
        affected
    from districts
)

select * from final
