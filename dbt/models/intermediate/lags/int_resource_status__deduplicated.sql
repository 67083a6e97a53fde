-- Grain: one row per (resource_code, observed_at) of the feed `resource_status`, its newest state; later than
-- the cut-off is left out.
with newest as (
    {{ newest_by_column(
        ref('stg_resource_status'),
        ['resource_code', 'observed_at'],
        ['received_at', 'load', 'available', 'latitude', 'longitude'],
    ) }}
)

select * from newest
where observed_at <= {{ as_of() }}
