-- Grain: one row per (customer_id, field) of the golden record: the best value, masked, where it comes from and
-- why it was chosen. Nothing adds up over fields: one record may speak of several.
with golden as (
    select * from {{ ref('int_customers__golden') }}
),

final as (
    select
        customer_id,
        field,
        value_mask,
        adcode,
        completeness,
        source,
        channel,
        source_record_id,
        role,
        touchpoint,
        stated_at,
        cast(trust as bigint) as trust,
        chosen_by,
        cast(records_agreeing as bigint) as records_agreeing,
        cast(records_differing as bigint) as records_differing,
        cast(values_seen as bigint) as values_seen
    from golden
)

select * from final
