-- Grain: one row per exported line of the feed `warehouses`, every export of it; the newest is
-- chosen downstream.
{{ exported_rows(
    'warehouses',
    [
        'warehouse_code', 'name', 'province', 'city', 'district', 'address', 'latitude',
        'longitude', 'owner',
    ],
) }}
