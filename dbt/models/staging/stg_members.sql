-- Grain: one row per live record and role that identity knows: (source, channel, source_record_id,
-- role).
with final as (
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
)

select * from final
