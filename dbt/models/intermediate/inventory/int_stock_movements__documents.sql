-- Grain: one row per (source, movement_id) of the sources whose documents are re-exported complete: the
-- newest batch that showed the document.
with exported as (
    select
        source,
        movement_id,
        batch_id,
        exported_at,
        arrival_seq
    from {{ ref('int_stock_movements__keyed') }}
    where grain = 'document'
),

batches as (
    select
        source,
        movement_id,
        batch_id,
        exported_at,
        arrival_seq
    from exported
    group by source, movement_id, batch_id, exported_at, arrival_seq
),

final as (
    select
        source,
        movement_id,
        batch_id as newest_batch_id
    from batches
    qualify row_number() over (
        partition by source, movement_id
        order by exported_at desc nulls last, arrival_seq desc nulls last
    ) = 1
)

select * from final
