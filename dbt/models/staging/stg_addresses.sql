-- Grain: one row per address token and reference version, as addresses handed it over.
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
    reference_as_of
from {{ source('lake', 'addresses') }}
