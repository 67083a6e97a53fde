-- Grain: one row per event that something dates: (channel, channel_order_id, channel_line_id,
-- event_code, occurrence_no). Of an event that happens once, to an order or to a line, all evidence is
-- of the same one. Of the others a new one begins where the evidence cannot be of the one before:
-- later than `same_within_minutes`, or of the same kind and another time. The best kind of evidence that
-- there is dates it (seed evidence_kinds), by the earliest of that kind.
{% set rank_step = 100000000000 %}{# seconds, more than any two events lie apart #}
{% set key = 'channel, channel_order_id, channel_line_id, event_code' %}
with dated as (
    select * from {{ ref('int_order_events__dated') }}
),

neighbours as (
    select
        *,
        lag(occurred_at) over evidences as occurred_before_that,
        lag(evidence) over evidences as evidence_before_that
    from dated
    where occurs = 'repeatedly'
    window
        evidences as (
            partition by {{ key }}
            order by occurred_at asc nulls last, evidence asc nulls last, event_id asc nulls last
        )
),

begun as (
    select
        *,
        case
            when occurred_before_that = occurred_at then 0
            when
                evidence = evidence_before_that
                or {{ seconds_between('occurred_before_that', 'occurred_at') }}
                > same_within_seconds
                then 1
            else 0
        end as is_new
    from neighbours
),

numbered as (
    select
        {{ key }},
        evidence,
        evidence_rank,
        occurred_at,
        received_at,
        event_id,
        source_system,
        1 + sum(is_new) over (
            partition by {{ key }}
            order by occurred_at asc nulls last, evidence asc nulls last, event_id asc nulls last
            rows between unbounded preceding and current row
        ) as occurrence_no
    from begun
    union all
    select
        {{ key }},
        evidence,
        evidence_rank,
        occurred_at,
        received_at,
        event_id,
        source_system,
        1 as occurrence_no
    from dated
    where occurs <> 'repeatedly'
),

final as (
    select
        {{ key }},
        occurrence_no,
        min_by(
            occurred_at,
            evidence_rank * {{ rank_step }}
            + {{ seconds_between("cast('2000-01-01 00:00:00' as timestamp)", 'occurred_at') }}
        ) as occurred_at,
        min(received_at) as received_at,
        min_by(evidence, evidence_rank) as evidence,
        min(event_id) as event_id,
        min(source_system) as source_system,
        count(event_id) > 0 as is_pushed
    from numbered
    group by
        {{ key }},
        occurrence_no
)

select * from final
