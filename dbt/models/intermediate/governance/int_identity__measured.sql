-- Grain: one row per (identity_version, kpi, band), with the value of the version before.
with measured as (
    select * from {{ ref('stg_identity_quality') }}
),

final as (
    select
        identity_version,
        measured_at,
        kpi,
        band,
        numerator,
        denominator,
        value,
        sample_size,
        lag(value) over (
            partition by kpi, band
            order by identity_version nulls last
        ) as previous_value,
        identity_version = max(identity_version) over () as is_current
    from measured
)

select * from final
