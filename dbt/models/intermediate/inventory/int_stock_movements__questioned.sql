-- Grain: one row per movement line that counts (as int_stock_movements__accepted) of the SKUs in question. The
-- ledger is read once for all that seeks causes.
with skus as (
    select * from {{ ref('int_stock_skus__questioned') }}
),

entries as (
    select ledger.*
    from {{ ref('int_stock_movements__ledger') }} as ledger
    inner join skus
        on ledger.sku_code = skus.sku_code
),

final as (
    {{ standing_entries('entries') }}
)

select * from final
