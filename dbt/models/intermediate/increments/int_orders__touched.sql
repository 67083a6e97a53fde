-- Grain: one row per order (channel, channel_order_id) that an increment has to build again: new exports
-- speak of it, of an after-sale case, an event or a waybill of it; a code of the platform on one of its
-- lines has got another meaning; or a time of it has come since the last settled build. Empty in a whole
-- build. When it stands, the exported rows of these orders are laid aside for the models that follow.
-- depends_on: {{ ref('int_orders__exported') }}
-- depends_on: {{ ref('stg_order_events') }}
-- depends_on: {{ ref('stg_aftersales') }}
-- depends_on: {{ ref('int_aftersales__deduplicated') }}
-- depends_on: {{ ref('int_sku_aliases__deduplicated') }}
-- depends_on: {{ ref('int_waybills__touched') }}
{{ config(post_hook=['{{ note_unsettled() }}', '{{ lay_touched_aside() }}']) }}
{% set order_times = {
    'int_orders__joined': [
        'ordered_at', 'paid_at', 'signed_at', 'completed_at', 'header_shipped_at', 'header_closed_at',
        'first_line_shipped_at', 'last_shipped_at', 'last_live_line_shipped_at',
        'last_line_closed_at',
    ],
    'int_orders__lines': ['shipped_at', 'closed_at'],
    'int_orders__promised': ['promise_due_at', 'ship_due_at'],
} %}
{% set case_times = ['requested_at', 'refunded_at'] %}
{% if not is_increment() %}
    select
        cast(null as {{ dbt.type_string() }}) as channel,
        cast(null as {{ dbt.type_string() }}) as channel_order_id
    where false
{% else %}
with told as (
    select
        channel,
        channel_order_id
    from {{ ref('int_orders__exported') }}
    where {{ is_news() }}
    {% for relation, key in [('stg_order_events', 'event_id'), ('stg_aftersales', 'aftersale_id')] %}
        union all
        select
            channel,
            channel_order_id
        from {{ ref(relation) }}
        where {{ key }} in (select news.{{ key }} from {{ ref(relation) }} as news where {{ is_news('news') }})
    {% endfor %}
),

carried as (
    select
        waybills.channel,
        waybills.channel_order_id
    from {{ standing('int_orders__waybills') }} as waybills
    inner join {{ ref('int_waybills__touched') }} as touched
        on waybills.waybill_no = touched.waybill_no
),

changed_aliases as (
    {{ changed_rows('int_sku_aliases__deduplicated') }}
),

renamed as (
    select
        order_lines.channel,
        order_lines.channel_order_id
    from {{ standing('int_orders__lines') }} as order_lines
    inner join changed_aliases
        on
            order_lines.channel = changed_aliases.channel
            and order_lines.channel_sku_code = changed_aliases.channel_sku_code
),

come as (
    {% for relation, times in order_times.items() %}
        select
            channel,
            channel_order_id
        from {{ standing(relation) }}
        where {% for time in times %}{{ has_come(time) }}{{ ' or ' if not loop.last }}{% endfor %}
        union all
    {% endfor %}
    select
        channel,
        channel_order_id
    from {{ ref('stg_aftersales') }}
    where {% for time in case_times %}{{ has_come(time) }}{{ ' or ' if not loop.last }}{% endfor %}
    union all
    select
        channel,
        channel_order_id
    from {{ ref('stg_order_events') }}
    where {{ has_come('occurred_at') }}
)

{% for keys in ['told', 'carried', 'renamed', 'come'] %}
select * from {{ keys }}
where channel is not null and channel_order_id is not null
union distinct
{% endfor %}
select * from increments.unsettled
{% endif %}
