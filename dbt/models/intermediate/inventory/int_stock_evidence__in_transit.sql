-- Grain: one row per transfer document and SKU that has left a warehouse and is not booked into another, for
-- good or for some time. Goods that have arrived, or never left, are on a shelf whose book lacks them. The
-- document does not name the other warehouse: warehouse_code is null, any of the SKU may be it.
-- effect_qty is what it does to counted minus booked while from_at <= counted_at < until_at (null: still).

with movements as (
    select
        document_no,
        warehouse_code,
        sku_code,
        movement_type,
        quantity,
        occurred_at
    from {{ ref('int_stock_movements__accepted') }}
    where
        document_no is not null
        and movement_type in ('transfer_out', 'transfer_in')
),

sent as (
    select
        document_no,
        sku_code,
        min(warehouse_code) as warehouse_code,
        sum(-quantity) as sent_qty,
        min(occurred_at) as sent_at
    from movements
    where movement_type = 'transfer_out'
    group by document_no, sku_code
),

received as (
    select
        movements.document_no,
        movements.sku_code,
        sum(movements.quantity) as received_qty,
        max(movements.occurred_at) as received_at
    from movements
    inner join sent
        on
            movements.document_no = sent.document_no
            and movements.sku_code = sent.sku_code
            and movements.warehouse_code <> sent.warehouse_code
    where movements.movement_type = 'transfer_in'
    group by movements.document_no, movements.sku_code
),

final as (
    select
        cast(null as {{ dbt.type_string() }}) as warehouse_code,
        sent.sku_code,
        case
            when coalesce(received.received_qty, 0) < sent.sent_qty
                then sent.sent_qty - coalesce(received.received_qty, 0)
            else sent.sent_qty
        end as effect_qty,
        sent.sent_at as from_at,
        case when received.received_qty >= sent.sent_qty then received.received_at end as until_at,
        sent.document_no as evidence_id,
        sent.warehouse_code as evidence_part
    from sent
    left join received
        on
            sent.document_no = received.document_no
            and sent.sku_code = received.sku_code
    where
        received.received_qty is null
        or received.received_qty < sent.sent_qty
        or received.received_at > sent.sent_at
)

select * from final
