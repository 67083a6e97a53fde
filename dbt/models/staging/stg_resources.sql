-- Grain: one row per exported line of the feed `resources`, every export of it; the newest is
-- chosen downstream.
{{ exported_rows(
    'resources',
    [
        'resource_code', 'resource_type', 'name', 'adcode', 'latitude', 'longitude',
        'service_radius_km', 'skills', 'temperature_zones', 'capacity_per_day', 'valid_from',
        'valid_to',
    ],
) }}
