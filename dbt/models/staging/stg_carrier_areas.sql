-- Grain: one row per exported line of the feed `carrier_areas`, every export of it; the newest is
-- chosen downstream.
{{ exported_rows(
    'carrier_areas',
    [
        'carrier', 'adcode', 'service_level', 'promised_hours', 'valid_from', 'valid_to',
    ],
) }}
