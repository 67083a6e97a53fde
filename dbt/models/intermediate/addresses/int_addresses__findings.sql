-- Grain: one row per (rule_code, record_key): an address by its token, a division's spellings by its code:
-- what owners of address data should mend. Orders are told by `touch_by` and `touch_key`.
with addresses as (
    select
        *,
        substr(adcode, 1, 2) || '0000' as province_adcode
    from {{ ref('int_addresses__current') }}
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
        end as rule_code,
        address_token as record_key,
        adcode,
        district_written as detail,
        case
            when match_method = 'ambiguous' then {{ joined_list('candidates') }}
            when match_method in ('legacy', 'typo') then district
        end as suggestion,
        'address' as touch_by
    from addresses
),

spelt as (
    select distinct
        adcode,
        district,
        district_written
    from addresses
    where
        district is not null
        and district_written is not null
),

districts as (
    select
        'district_spellings' as rule_code,
        adcode as record_key,
        adcode,
        {{ sorted_values('district_written') }} as detail,
        max(district) as suggestion,
        'district' as touch_by
    from spelt
    group by adcode
    having count(*) >= 3
),

provinces as (
    select
        'province_spellings' as rule_code,
        province_adcode as record_key,
        province_adcode as adcode,
        {{ sorted_values("coalesce(province_written, '')") }} as detail,
        max(province) as suggestion,
        'province' as touch_by
    from addresses
    where
        province is not null
        and province_written is distinct from province
    group by province_adcode
),

final as (
    select * from single
    where rule_code is not null
    union all
    select * from districts
    union all
    select * from provinces
)

select * from final
