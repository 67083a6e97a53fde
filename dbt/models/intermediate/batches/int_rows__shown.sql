-- Grain: one row per exported row of the feeds of which some source declares its files whole, under one
-- form: the business key as texts key_1 … key_4, the scope of which a file speaks (a shop, a warehouse),
-- and the time that a window is of. Where nobody declares anything, no row of a feed is read.
{% set feeds = {
    'orders': {
        'rows': ref('int_orders__exported'), 'scope': ['channel', 'shop_id'],
        'key': ['channel', 'channel_order_id', 'channel_line_id'],
        'times': ['ordered_at', 'paid_at', 'shipped_at', 'signed_at', 'completed_at', 'closed_at'],
    },
    'aftersales': {
        'rows': ref('stg_aftersales'), 'scope': ['channel'], 'key': ['channel', 'aftersale_id'],
        'times': ['requested_at', 'agreed_at', 'returned_at', 'refunded_at', 'closed_at'],
    },
    'stock_movements': {
        'rows': ref('stg_stock_movements'), 'scope': ['warehouse_code'],
        'key': ['warehouse_code', 'movement_id', 'line_no', 'sku_code'],
        'times': ['occurred_at', 'recorded_at'],
    },
    'stock_counts': {
        'rows': ref('stg_stock_counts'), 'scope': ['warehouse_code', 'count_type'],
        'key': ['warehouse_code', 'sku_code'], 'times': ['counted_at'],
    },
    'channel_listings': {
        'rows': ref('stg_channel_listings'), 'scope': ['channel', 'shop_id'],
        'key': ['channel', 'shop_id', 'sku_code'], 'times': ['changed_at', 'synced_at'],
    },
    'skus': {'rows': ref('stg_skus'), 'key': ['sku_code']},
    'sku_aliases': {
        'rows': ref('stg_sku_aliases'), 'scope': ['channel', 'shop_id'],
        'key': ['channel', 'shop_id', 'channel_sku_code'],
    },
    'warehouses': {'rows': ref('stg_warehouses'), 'key': ['warehouse_code']},
    'resources': {'rows': ref('stg_resources'), 'key': ['resource_code', 'valid_from']},
    'carrier_areas': {
        'rows': ref('stg_carrier_areas'), 'scope': ['carrier'],
        'key': ['carrier', 'adcode', 'service_level', 'valid_from'],
    },
} %}
with batches as (
    select * from {{ ref('int_batches__ranked') }}
),

whole_feeds as (
    select distinct feed
    from batches
    where is_whole
),

files as (
    select batches.*
    from batches
    inner join whole_feeds
        on batches.feed = whole_feeds.feed
),

final as (
    {% for feed, said in feeds.items() %}
        select
            '{{ feed }}' as feed,
            files.source,
            {% for place in range(4) %}
                {% set column = 'exported.' ~ said['key'][place] if place < said['key'] | length
                    else 'null' %}
                cast({{ column }} as {{ dbt.type_string() }}) as key_{{ place + 1 }},
            {% endfor %}
            concat_ws(
                '/',
                {% for column in said.get('scope', []) %}
                    coalesce(exported.{{ column }}, ''),
                {% endfor %}
                ''
            ) as scope,
            {% if said.get('times') %}
                case files.window_column
                    {% for column in said['times'] %}
                        when '{{ column }}' then exported.{{ column }}
                    {% endfor %}
                end
            {% else %}
                cast(null as timestamp)
            {% endif %} as window_at,
            files.batch_rank,
            files.exported_at
        from {{ said['rows'] }} as exported
        inner join files
            on exported.batch_id = files.batch_id
        {{ 'union all' if not loop.last }}
    {% endfor %}
)

select * from final
