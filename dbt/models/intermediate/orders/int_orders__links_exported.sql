-- Grain: one row per export that tells of a link between two orders: (link_type,
-- parent_channel_order_id, channel, channel_order_id, evidence, seen_at). The order of a row is the
-- parent of those that its list names; a list is written with commas or as JSON.
{% set lists = {
    'split_order_ids': ('split', 'seller_remark'),
    'merged_order_ids': ('merge', 'merged_order_ids'),
} %}
with exported as (
    select
        channel,
        channel_order_id,
        parent_order_id,
        extras,
        exported_at
    from {{ ref('int_orders__exported') }}
    where
        parent_order_id is not null
        or extras like '%"split_order_ids"%'
        or extras like '%"merged_order_ids"%'
),

fund_entries as (
    select
        channel,
        channel_order_id,
        {{ extra('extras', 'parent_order_id') }} as parent_order_id,
        exported_at
    from {{ ref('stg_fund_entries') }}
    where extras like '%"parent_order_id"%'
),

listed as (
    {% for list, (link_type, evidence) in lists.items() %}
        {% set bare = "replace(replace(replace(" ~ extra('extras', list)
            ~ ", '[', ''), ']', ''), '\"', '')" %}
        select
            '{{ link_type }}' as link_type,
            channel,
            channel_order_id,
            '{{ evidence }}' as evidence,
            exported_at,
            {{ explode_list(split_list(bare, ',')) }} as listed_order_id
        from exported
        where extras like '%"{{ list }}"%'
        {{ 'union all' if not loop.last }}
    {% endfor %}
),

told as (
    select
        link_type,
        channel_order_id as parent_channel_order_id,
        channel,
        trim(listed_order_id) as channel_order_id,
        evidence,
        exported_at as seen_at
    from listed
    {% for relation, evidence in [
        ('exported', 'parent_order_id'), ('fund_entries', 'fund_entry')
    ] %}
        union all
        select
            'split' as link_type,
            parent_order_id as parent_channel_order_id,
            channel,
            channel_order_id,
            '{{ evidence }}' as evidence,
            exported_at as seen_at
        from {{ relation }}
        where parent_order_id is not null
    {% endfor %}
)

select * from told
where
    channel_order_id <> ''
    and channel_order_id <> parent_channel_order_id
