-- Grain: one row per order line: (channel, channel_order_id, channel_line_id). An order-grain row
-- makes a line only where no line source has one. Additive: quantity, paid_share_cny,
-- line_amount_cny.
{{ kept(['channel', 'channel_order_id']) }}

with line_rows as (
    select * from {{ ref('int_orders__line_states') }}
),

header_rows as (
    select * from {{ ref('int_orders__header_states') }}
),

first_shown as (
    select * from {{ touched(ref('int_orders__first_shown')) }}
),

orders_with_lines as (
    select distinct
        channel,
        channel_order_id
    from line_rows
),

made_lines as (
    select
        header_rows.*,
        header_rows.channel_order_id || '-1' as channel_line_id
    from header_rows
    left join orders_with_lines
        on
            header_rows.channel = orders_with_lines.channel
            and header_rows.channel_order_id = orders_with_lines.channel_order_id
    where orders_with_lines.channel_order_id is null
),

{% set columns = [
    'channel', 'channel_order_id', 'channel_line_id', 'shop_id', 'status_raw', 'status',
    'aftersale_status', 'channel_sku_code', 'product_name', 'spec', 'quantity',
    'unit_price_cny', 'line_amount_cny', 'paid_share_cny', 'shipped_at', 'closed_at', 'carrier',
    'waybill_no', 'warehouse_code', 'extras', 'source', 'last_exported_at',
] %}
all_lines as (
    select
        {% for c in columns %}
            {{ c }},
        {% endfor %}
        channel_line_id as shown_line_id
    from line_rows
    union all
    select
        {% for c in columns %}
            {{ c }},
        {% endfor %}
        cast(null as {{ dbt.type_string() }}) as shown_line_id
    from made_lines
),

states as (
    select * from {{ ref('order_states') }}
),

sku_codes as (
    select * from {{ ref('int_sku_aliases__deduplicated') }}
),

final as (
    select
        {% for c in columns %}all_lines.{{ c }},
        {% endfor %}
        coalesce(shop_alias.sku_code, any_shop_alias.sku_code, all_lines.channel_sku_code)
            as sku_code,
        coalesce(states.progress_rank, 18) as progress_rank,
        coalesce(states.is_shipped, false) as is_shown_shipped,
        coalesce(states.is_cancelled, false)
        or (coalesce(all_lines.aftersale_status, '') = 'refunded' and all_lines.shipped_at is null)
            as is_cancelled,
        first_shown.first_shown_cancelled_at,
        first_shown.first_shown_refunded_at,
        first_shown.first_shown_shipped_at
    from all_lines
    left join states
        on all_lines.status = states.status
    left join first_shown
        on
            all_lines.channel = first_shown.channel
            and all_lines.channel_order_id = first_shown.channel_order_id
            and all_lines.shown_line_id is not distinct from first_shown.channel_line_id
            and case when all_lines.shown_line_id is null then 'order' else 'line' end
            = first_shown.grain
    left join sku_codes as shop_alias
        on
            all_lines.channel = shop_alias.channel
            and all_lines.shop_id = shop_alias.shop_id
            and all_lines.channel_sku_code = shop_alias.channel_sku_code
    left join sku_codes as any_shop_alias
        on
            all_lines.channel = any_shop_alias.channel
            and any_shop_alias.shop_id is null
            and all_lines.channel_sku_code = any_shop_alias.channel_sku_code
)

select * from final
