-- Grain: one row per (channel, channel_order_id): the order row where a source has one, else what
-- the lines repeat, else what a copy says.
{{ kept(['channel', 'channel_order_id']) }}

{% set attributes = [
    'shop_id', 'parent_order_id', 'order_amount_cny', 'freight_cny', 'receiver_name_mask',
    'receiver_phone_mask', 'receiver_address_token', 'ordered_at', 'paid_at',
    'promised_ship_at', 'promised_delivery_at', 'signed_at', 'completed_at', 'delivery_method',
    'service_level', 'carrier', 'waybill_no', 'warehouse_code', 'store_id', 'source', 'extras',
] %}
{% set copied_attributes = [
    'order_amount_cny', 'freight_cny', 'receiver_name_mask', 'receiver_phone_mask',
    'receiver_address_token', 'ordered_at', 'paid_at', 'promised_ship_at', 'promised_delivery_at',
    'carrier', 'waybill_no', 'warehouse_code',
] %}
with headers as (
    select * from {{ ref('int_orders__header_states') }}
),

line_attributes as (
    select * from {{ ref('int_orders__line_attributes') }}
),

copied as (
    select
        channel,
        channel_order_id,
        {% for attribute in copied_attributes %}
            min({{ attribute }}) as {{ attribute }},
        {% endfor %}
        max(shipped_at) as shipped_at
    from {{ ref('int_orders__copied') }}
    where coalesce(status, '') not in ('merged', 'split', 'cancelled')
    group by
        channel,
        channel_order_id
),

line_totals as (
    select * from {{ ref('int_orders__line_totals') }}
),

states as (
    select * from {{ ref('order_states') }}
),

rank_names as (
    select
        progress_rank,
        status
    from {{ ref('order_states') }}
),

joined as (
    select
        line_totals.*,
        headers.status as header_status,
        headers.status_raw,
        headers.aftersale_status as header_aftersale_status,
        coalesce(headers.shipped_at, copied.shipped_at) as header_shipped_at,
        headers.closed_at as header_closed_at,
        {% for attribute in attributes %}
            coalesce(
                headers.{{ attribute }},
                line_attributes.{{ attribute }}
                {{- ', copied.' ~ attribute if attribute in copied_attributes }}
            ) as {{ attribute }},
        {% endfor %}
        coalesce(
            headers.paid_amount_cny,
            line_attributes.paid_amount_cny,
            line_totals.paid_share_cny,
            line_totals.line_amount_cny
        ) as paid_amount_cny,
        least(headers.first_exported_at, line_attributes.first_exported_at) as first_exported_at,
        greatest(headers.last_exported_at, line_attributes.last_exported_at) as last_exported_at,
        case
            when line_totals.live_line_count = 0 then line_totals.least_rank
            when line_totals.least_live_rank < 45 and line_totals.greatest_live_rank >= 45 then 40
            else line_totals.least_live_rank
        end as lines_rank
    from line_totals
    left join headers
        on
            line_totals.channel = headers.channel
            and line_totals.channel_order_id = headers.channel_order_id
    left join line_attributes
        on
            line_totals.channel = line_attributes.channel
            and line_totals.channel_order_id = line_attributes.channel_order_id
    left join copied
        on
            line_totals.channel = copied.channel
            and line_totals.channel_order_id = copied.channel_order_id
),

final as (
    select
        joined.*,
        coalesce(joined.header_status, rank_names.status, 'unknown') as status,
        coalesce(states.is_cancelled, false) or joined.live_line_count = 0 as is_cancelled,
        coalesce(states.is_shipped, false)
        and joined.header_shipped_at is not null as is_header_shipped
    from joined
    left join rank_names
        on joined.lines_rank = rank_names.progress_rank
    left join states
        on joined.header_status = states.status
)

select * from final
