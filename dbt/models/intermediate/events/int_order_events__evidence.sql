-- Grain: one row per piece of evidence that dates an event, as in int_order_events__told. Its rank says
-- how well it dates; a fallback (what people or ledgers noted later, what is only suspected) is asked only
-- where nothing better tells of the event. channel_line_id is null where the whole order is meant: always
-- for an event that an order has once, and in an order of one line. A code that the catalogue does not know occurs repeatedly.
with told as (
    select * from {{ ref('int_order_events__told') }}
),

kinds as (
    select * from {{ ref('evidence_kinds') }}
),

doubtful as (
    select distinct
        told.channel,
        told.channel_order_id,
        told.event_code
    from told
    inner join kinds
        on told.evidence = kinds.evidence
    where kinds.is_fallback
),

best as (
    select
        told.channel,
        told.channel_order_id,
        told.event_code,
        min(kinds.evidence_rank) as evidence_rank
    from told
    inner join doubtful
        on
            told.channel = doubtful.channel
            and told.channel_order_id = doubtful.channel_order_id
            and told.event_code = doubtful.event_code
    inner join kinds
        on told.evidence = kinds.evidence
    group by
        told.channel,
        told.channel_order_id,
        told.event_code
),

line_counts as (
    select
        channel,
        channel_order_id,
        line_count
    from {{ retold(ref('int_orders__joined')) }}
    where line_count > 1
),

final as (
    select
        told.evidence,
        kinds.evidence_rank,
        told.channel,
        told.channel_order_id,
        case
            when
                coalesce(codes.occurs, 'repeatedly') <> 'once'
                and line_counts.line_count is not null
                then told.channel_line_id
        end as channel_line_id,
        told.event_code,
        told.occurred_at,
        told.received_at,
        told.event_id,
        told.source_system,
        coalesce(codes.occurs, 'repeatedly') as occurs,
        coalesce(codes.same_within_minutes, 0) * 60 as same_within_seconds
    from told
    inner join kinds
        on told.evidence = kinds.evidence
    left join {{ ref('event_codes') }} as codes
        on
            told.event_code = codes.event_code
            and cast(told.occurred_at as date) between codes.valid_from and codes.valid_to
    left join line_counts
        on
            told.channel_line_id is not null
            and told.channel = line_counts.channel
            and told.channel_order_id = line_counts.channel_order_id
    left join best
        on
            kinds.is_fallback
            and told.channel = best.channel
            and told.channel_order_id = best.channel_order_id
            and told.event_code = best.event_code
    where
        not kinds.is_fallback
        or kinds.evidence_rank = best.evidence_rank
)

select * from final
