-- Grain: one row per live record and role, as identity handed it over.
select
    source,
    channel,
    source_record_id,
    role,
    record_kind,
    touchpoint,
    customer_id,
    occurred_at,
    exported_at
from {{ source('lake', 'members') }}
