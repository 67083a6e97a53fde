-- Grain: one row per address_token, under the newest reference. No detail of an address stands here.
with addresses as (
    select * from {{ ref('int_addresses__current') }}
),

final as (
    select
        address_token,
        adcode,
        province,
        city,
        district,
        town_code,
        town,
        visible_to,
        match_method,
        cast(confidence as double) as confidence,
        {{ joined_list('candidates') }} as candidates,
        has_conflict,
        province_written,
        city_written,
        district_written,
        reference_as_of
    from addresses
)

select * from final
