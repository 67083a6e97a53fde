-- Grain: one row per batch (file) that ingestion took up to the cut-off, refused ones included.
select
    batch_id,
    source,
    feed,
    channel,
    source_file,
    exported_at,
    arrival_seq,
    carried_columns,
    state,
    reason_code,
    rows_read,
    rows_accepted,
    rows_refused,
    rows_totals,
    is_complete,
    window_column,
    window_from,
    window_to
from {{ source('lake', 'batches') }}
where exported_at <= {{ as_of() }}
