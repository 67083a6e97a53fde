-- Grain: one row per order that copies (an ERP's export) alone tell of: (channel, channel_order_id).
-- Their lines count as lines; a copy of an order that another source shows only fills its gaps.
{{ kept(['channel', 'channel_order_id']) }}

with exported as (
    select
        channel,
        channel_order_id,
        grain
    from {{ touched(ref('int_orders__exported')) }}
),

copied as (
    select distinct
        channel,
        channel_order_id
    from exported
    where grain = 'copy'
),

shown_elsewhere as (
    select distinct
        exported.channel,
        exported.channel_order_id
    from exported
    inner join copied
        on
            exported.channel = copied.channel
            and exported.channel_order_id = copied.channel_order_id
    where exported.grain <> 'copy'
),

final as (
    select
        copied.channel,
        copied.channel_order_id
    from copied
    left join shown_elsewhere
        on
            copied.channel = shown_elsewhere.channel
            and copied.channel_order_id = shown_elsewhere.channel_order_id
    where shown_elsewhere.channel_order_id is null
)

select * from final
