-- Grain: one row per different statement of where a warehouse or resource is: what it said, the
-- division found, and what its coordinates make of it.
with final as (
    select
        feed,
        place_code,
        province,
        city,
        district,
        address,
        adcode,
        latitude,
        longitude,
        found_adcode,
        found_province,
        match_method,
        coordinate_finding,
        distance_km,
        nearest_adcode,
        suggested_latitude,
        suggested_longitude,
        datum,
        wgs84_latitude,
        wgs84_longitude
    from {{ source('lake', 'places') }}
)

select * from final
