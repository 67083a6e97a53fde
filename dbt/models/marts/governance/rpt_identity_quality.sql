-- Grain: one row per (identity_version, kpi, band) of the grouping of records into customers. A history of runs: it tells
-- of the linkings that were made, not of the merchant. Nothing adds up but the counts of events.
with measured as (
    select * from {{ ref('int_identity__measured') }}
),

final as (
    select
        cast(identity_version as bigint) as identity_version,
        measured_at,
        cast(measured_at as date) as measured_date,
        kpi,
        band,
        numerator,
        denominator,
        value,
        previous_value,
        cast(sample_size as bigint) as sample_size,
        case
            when value is null then 'missing'
            when sample_size < 30 then 'small_sample'
            else 'ok'
        end as status,
        is_current
    from measured
)

select * from final
