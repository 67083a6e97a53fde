-- Grain: one row per (identity_version, kpi, band): figures of each version of the customers.
with final as (
    select
        version as identity_version,
        measured_at,
        kpi,
        band,
        numerator,
        denominator,
        value,
        sample as sample_size
    from {{ source('lake', 'identity_quality') }}
)

select * from final
