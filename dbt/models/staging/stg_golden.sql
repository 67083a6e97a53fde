-- Grain: one row per (customer_id, field) of which anything is known: the best value, masked, and why.
with final as (
    select
        customer_id,
        field,
        mask as value_mask,
        adcode,
        completeness,
        source,
        channel,
        source_record_id,
        role,
        touchpoint,
        stated_at,
        trust,
        chosen_by,
        records_agreeing,
        records_differing,
        values_seen
    from {{ source('lake', 'golden') }}
)

select * from final
