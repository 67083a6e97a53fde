-- Grain: one row per line of a paid order of two lines or more, its own and those of the orders that it was
-- split into: (channel, channel_order_id, channel_line_id). `root_id` is the order that all of them come from,
-- two splits back at most; is_needed marks its own lines that stand, or all where none does; parcel_group what
-- may travel together (seed parcel_groups), null where nobody knows the goods' temperature.
with paid as (
    select
        channel,
        channel_order_id,
        paid_at
    from {{ ref('int_orders__paid') }}
),

parents as (
    select
        links.channel,
        links.channel_order_id,
        min(links.parent_channel || '/' || links.parent_channel_order_id) as parent_id
    from {{ ref('int_orders__links') }} as links
    inner join paid
        on
            links.parent_channel = paid.channel
            and links.parent_channel_order_id = paid.channel_order_id
    where links.link_type = 'split'
    group by
        links.channel,
        links.channel_order_id
),

families as (
    select
        paid.channel,
        paid.channel_order_id,
        paid.paid_at,
        coalesce(
            grand.parent_id, parents.parent_id, paid.channel || '/' || paid.channel_order_id
        ) as root_id,
        sent_from.warehouse_code
    from paid
    left join parents
        on
            paid.channel = parents.channel
            and paid.channel_order_id = parents.channel_order_id
    left join parents as grand
        on parents.parent_id = grand.channel || '/' || grand.channel_order_id
    left join {{ ref('int_orders__provinces') }} as sent_from
        on
            paid.channel = sent_from.channel
            and paid.channel_order_id = sent_from.channel_order_id
),

order_lines as (
    select
        families.*,
        order_lines.channel_line_id,
        order_lines.sku_code,
        order_lines.is_cancelled,
        order_lines.paid_share_cny,
        upper(order_lines.waybill_no) as waybill_no,
        order_lines.warehouse_code as line_warehouse,
        families.channel || '/' || families.channel_order_id = families.root_id as is_own,
        count(case
            when
                not order_lines.is_cancelled
                and families.channel || '/' || families.channel_order_id = families.root_id
                then 1
        end) over (partition by families.root_id) as own_live_count
    from {{ ref('int_orders__lines') }} as order_lines
    inner join families
        on
            order_lines.channel = families.channel
            and order_lines.channel_order_id = families.channel_order_id
    qualify count(*) over (partition by families.root_id) > 1
),

skus as (
    select
        sku_code,
        temperature_class
    from {{ ref('int_skus__deduplicated') }}
),

groups as (
    select * from {{ ref('parcel_groups') }}
),

names as (
    select * from {{ ref('int_warehouses__names') }}
),

final as (
    select
        order_lines.root_id,
        order_lines.channel,
        order_lines.channel_order_id,
        order_lines.channel_line_id,
        order_lines.is_own,
        order_lines.is_own
        and (not order_lines.is_cancelled or order_lines.own_live_count = 0) as is_needed,
        order_lines.paid_share_cny,
        order_lines.waybill_no,
        skus.temperature_class,
        groups.parcel_group,
        coalesce(
            names.warehouse_code, order_lines.line_warehouse, order_lines.warehouse_code
        ) as warehouse_code
    from order_lines
    left join skus
        on order_lines.sku_code = skus.sku_code
    left join groups
        on
            skus.temperature_class = groups.temperature_class
            and cast(order_lines.paid_at as date) between groups.valid_from and groups.valid_to
    left join names
        on order_lines.line_warehouse = names.warehouse_text
)

select * from final
