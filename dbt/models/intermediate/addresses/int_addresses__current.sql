-- Grain: one row per address_token, under the newest reference.
with addresses as (
    select * from {{ ref('stg_addresses') }}
),

final as (
    select * from addresses
    qualify row_number() over (
        partition by address_token
        order by reference_as_of desc nulls last
    ) = 1
)

select * from final
