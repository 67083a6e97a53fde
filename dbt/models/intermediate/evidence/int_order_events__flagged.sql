-- Grain: one row per event that a platform's own column tells of, for which no contract has a place
-- (`extras`), or its own word for the state (`status_raw`): (source, channel, channel_order_id,
-- event_code). It happened not after the first export that shows it, and after the last one before that.
with flags as (
    select * from {{ ref('flag_events') }}
),

shown as (
    select
        exported.source,
        exported.channel,
        exported.channel_order_id,
        flags.event_code,
        min(exported.exported_at) as occurred_before
    from {{ retold(ref('int_orders__exported')) }} as exported
    inner join flags
        on exported.source = flags.source
    where
        case
            when flags.header = 'status_raw' then exported.status_raw like flags.value_like
            else
                exported.extras like '%"' || flags.header || '":"' || flags.value_like || '%'
                and exported.extras not like '%"' || flags.header || '":""%'
        end
    group by
        exported.source,
        exported.channel,
        exported.channel_order_id,
        flags.event_code
    union all
    select
        aftersales.source,
        aftersales.channel,
        aftersales.channel_order_id,
        flags.event_code,
        min(aftersales.exported_at) as occurred_before
    from {{ retold(ref('stg_aftersales')) }} as aftersales
    inner join flags
        on aftersales.source = flags.source
    where
        aftersales.extras like '%"' || flags.header || '":"' || flags.value_like || '%'
        and aftersales.extras not like '%"' || flags.header || '":""%'
    group by
        aftersales.source,
        aftersales.channel,
        aftersales.channel_order_id,
        flags.event_code
),

final as (
    select
        shown.source,
        shown.channel,
        shown.channel_order_id,
        shown.event_code,
        max(earlier.exported_at) as occurred_after,
        shown.occurred_before
    from shown
    left join {{ retold(ref('int_orders__exported')) }} as earlier
        on
            shown.source = earlier.source
            and shown.channel = earlier.channel
            and shown.channel_order_id = earlier.channel_order_id
            and shown.occurred_before > earlier.exported_at
    group by
        shown.source,
        shown.channel,
        shown.channel_order_id,
        shown.event_code,
        shown.occurred_before
)

select * from final
