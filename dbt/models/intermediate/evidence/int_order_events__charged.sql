-- Grain: one row per event that a ledger entry tells of: (channel, channel_order_id, event_code), by the
-- first such entry. The ledger says when money moved, not when the thing happened: it is asked only where
-- nothing else tells of the event.
with codes as (
    select * from {{ ref('ledger_events') }}
),

penalties as (
    select
        penalties.channel,
        penalties.channel_order_id,
        codes.event_code,
        penalties.charged_at
    from {{ ref('int_penalties__charged') }} as penalties
    inner join codes
        on
            codes.kind = 'penalty_code'
            and penalties.penalty_code = codes.value
    where penalties.penalty_cny > 0
),

entries as (
    select
        channel,
        channel_order_id,
        occurred_at,
        coalesce(entry_type, '') || ' ' || coalesce(remark, '') as words
    from {{ ref('int_fund_entries__deduplicated') }}
    where channel_order_id is not null
),

words as (
    select distinct
        entries.words,
        codes.event_code
    from (select distinct words from entries) as entries
    inner join codes
        on
            codes.kind = 'word'
            and contains(entries.words, codes.value)
),

told as (
    select * from penalties
    union all
    select
        entries.channel,
        entries.channel_order_id,
        words.event_code,
        entries.occurred_at as charged_at
    from entries
    inner join words
        on entries.words = words.words
),

final as (
    select
        channel,
        channel_order_id,
        event_code,
        min(charged_at) as occurred_at
    from told
    where
        channel_order_id is not null
        and charged_at <= {{ as_of() }}
    group by
        channel,
        channel_order_id,
        event_code
)

select * from final
