-- Grain: one row per state that the exports of one source show an order, line or after-sale case to
-- enter: (source, channel, channel_order_id, channel_line_id, aftersale_id, subject, occurred_before).
-- It happened after the last export with the old state and not after the first with the new one. What
-- a first export shows has no old state: from_state and occurred_after are null.
{{ kept(['channel', 'channel_order_id']) }}

{% set key = 'source, channel, channel_order_id, channel_line_id, aftersale_id, subject' %}
with shown as (
    select * from {{ ref('int_order_events__states_shown') }}
),

neighbours as (
    select
        *,
        lag(state) over versions as state_before,
        lag(exported_at) over versions as exported_before,
        lag(state, 2) over versions as state_before_that,
        lag(exported_at, 2) over versions as exported_before_that,
        lead(exported_at) over versions as next_exported_at
    from shown
    window versions as (partition by {{ key }} order by version_no asc nulls last)
),

-- Of two rows of one export time the later stands for both.
compared as (
    select
        *,
        case when exported_before = exported_at then state_before_that else state_before end
            as from_state,
        case when exported_before = exported_at then exported_before_that else exported_before end
            as occurred_after
    from neighbours
    where next_exported_at is distinct from exported_at
),

states as (
    select
        status,
        progress_rank
    from {{ ref('order_states') }}
),

codes as (
    select * from {{ ref('state_events') }}
),

final as (
    select
        compared.source,
        compared.channel,
        compared.channel_order_id,
        compared.channel_line_id,
        compared.aftersale_id,
        compared.subject,
        compared.from_state,
        compared.state as to_state,
        case
            when
                coalesce(codes.event_code <> codes_before.event_code, true)
                and (compared.is_unpaid or not codes.only_unpaid)
                then codes.event_code
        end as event_code,
        compared.state_at as occurred_at,
        compared.occurred_after,
        compared.exported_at as occurred_before,
        coalesce(states.progress_rank < states_before.progress_rank, false) as is_backward
    from compared
    left join codes
        on
            compared.subject = codes.subject
            and compared.state = codes.state
            and not codes.is_presupposed
    left join codes as codes_before
        on
            compared.subject = codes_before.subject
            and compared.from_state = codes_before.state
            and not codes_before.is_presupposed
    left join states
        on
            compared.subject = 'status'
            and compared.state = states.status
    left join states as states_before
        on
            compared.subject = 'status'
            and compared.from_state = states_before.status
    where
        compared.state is distinct from compared.from_state
        and (compared.from_state is not null or compared.state <> 'none')
)

select * from final
