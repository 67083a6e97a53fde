-- Grain: one row per change of state that the exports of one source show: (source, channel,
-- channel_order_id, channel_line_id, occurred_before). Judged by the ways that were valid at some time
-- between its bounds. Kind: backward, to a state of lower progress; else forward where allowed, and
-- illegal where not.
{{ kept(['channel', 'channel_order_id']) }}

with changes as (
    select
        source,
        channel,
        channel_order_id,
        channel_line_id,
        from_state as from_status,
        to_state as to_status,
        occurred_at,
        occurred_after,
        occurred_before,
        is_backward
    from {{ touched(ref('int_order_events__state_changes')) }}
    where
        subject = 'status'
        and from_state is not null
),

ways as (
    select * from {{ ref('int_order_states__reachable') }}
),

named_channels as (
    select distinct channel from ways
),

-- Few different changes stand for all: they are judged once.
bounded as (
    select
        changes.*,
        coalesce(named_channels.channel, '*') as scope,
        cast(coalesce(changes.occurred_at, changes.occurred_after) as date) as first_day,
        cast(coalesce(changes.occurred_at, changes.occurred_before) as date) as last_day
    from changes
    left join named_channels
        on changes.channel = named_channels.channel
),

different as (
    select distinct
        scope,
        from_status,
        to_status,
        first_day,
        last_day
    from bounded
),

allowed as (
    select distinct
        different.scope,
        different.from_status,
        different.to_status,
        different.first_day,
        different.last_day
    from different
    inner join ways
        on
            different.scope = ways.channel
            and different.from_status = ways.from_status
            and different.to_status = ways.to_status
            and different.first_day <= ways.valid_to
            and different.last_day >= ways.valid_from
),

final as (
    select
        bounded.source,
        bounded.channel,
        bounded.channel_order_id,
        bounded.channel_line_id,
        bounded.from_status,
        bounded.to_status,
        bounded.occurred_at,
        bounded.occurred_after,
        bounded.occurred_before,
        allowed.scope is not null as is_allowed,
        case
            when bounded.is_backward then 'backward'
            when allowed.scope is null then 'illegal'
            else 'forward'
        end as transition_kind
    from bounded
    left join allowed
        on
            bounded.scope = allowed.scope
            and bounded.from_status = allowed.from_status
            and bounded.to_status = allowed.to_status
            and bounded.first_day = allowed.first_day
            and bounded.last_day = allowed.last_day
)

select * from final
