-- Grain: one row per division of the address reference (adcode): its centre, in degrees.
with final as (
    select
        cast(adcode as {{ dbt.type_string() }}) as adcode,
        cast(latitude as double) as latitude,
        cast(longitude as double) as longitude
    from {{ source('lake', 'divisions') }}
)

select * from final
