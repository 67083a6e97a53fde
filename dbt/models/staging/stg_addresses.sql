-- Grain: one row per address token and reference version: (address_token, reference_as_of).
with final as (
    select
        address_token,
        adcode,
        province,
        city,
        district,
        town_code,
        town,
        address_key_token,
        visible_to,
        match_method,
        confidence,
        candidates,
        has_conflict,
        province_written,
        city_written,
        district_written,
        reference_as_of
    from {{ source('lake', 'addresses') }}
)

select * from final
