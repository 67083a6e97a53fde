-- Grain: one row per accepted batch_id: its place in the order in which exports win over each other:
-- the later exported_at, of equal ones the file that arrived later. `is_whole`: what it should show and
-- does not is absent: everything, or where it has a window, what lies in it. `form_no` is the same for all that
-- carry the same columns.
with batches as (
    select
        batch_id,
        source,
        feed,
        exported_at,
        arrival_seq,
        carried_columns,
        window_column,
        window_from,
        window_to,
        is_complete or window_from is not null as is_whole
    from {{ ref('stg_batches') }}
    where state = 'accepted'
),

final as (
    select
        batch_id,
        source,
        feed,
        exported_at,
        window_column,
        window_from,
        window_to,
        is_whole,
        carried_columns,
        dense_rank() over (order by carried_columns asc nulls last) as form_no,
        row_number() over (
            order by
                exported_at asc nulls last,
                arrival_seq asc nulls last,
                batch_id asc nulls last
        ) as batch_rank
    from batches
)

select * from final
