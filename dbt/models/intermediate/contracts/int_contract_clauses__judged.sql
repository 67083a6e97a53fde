-- Grain: one row per clause of a contract: (contract_id, channel, channel_order_id, clause_code,
-- item_code), and what became of it. With an hour it is kept when met at or before it; without one, when
-- it was done by a resource that can do it. An order that was over before a clause fell due, or before
-- a clause without an hour was done, leaves it void.
with clauses as (
    select * from {{ ref('int_contract_clauses__promised') }}
),

contracts as (
    select * from {{ ref('int_contract_orders__grouped') }}
),

endings as (
    select
        channel,
        channel_order_id,
        ended_at
    from {{ ref('int_orders__paid') }}
    where ended_at is not null
),

conflicts as (
    select
        channel,
        channel_order_id,
        clause_code,
        count(*) as conflict_count
    from {{ ref('int_contract_clauses__conflicts') }}
    group by
        channel,
        channel_order_id,
        clause_code
),

penalties as (
    select
        'ship_by' as clause_code,
        channel,
        channel_order_id,
        penalty_cny
    from {{ ref('int_penalties__ruled') }}
    where penalty_code = 'late_shipment'
),

joined as (
    select
        contracts.contract_id,
        contracts.opened_at,
        clauses.*,
        coalesce(conflicts.conflict_count, 0) as conflict_count,
        penalties.penalty_cny,
        coalesce(endings.ended_at < coalesce(clauses.promised_at, clauses.actual_at), false)
        or (
            endings.ended_at is not null
            and clauses.promised_at is null
            and clauses.actual_at is null
        ) as is_void
    from clauses
    inner join contracts
        on
            clauses.channel = contracts.channel
            and clauses.channel_order_id = contracts.channel_order_id
    left join endings
        on
            clauses.channel = endings.channel
            and clauses.channel_order_id = endings.channel_order_id
    left join conflicts
        on
            clauses.channel = conflicts.channel
            and clauses.channel_order_id = conflicts.channel_order_id
            and clauses.clause_code = conflicts.clause_code
    left join penalties
        on
            clauses.channel = penalties.channel
            and clauses.channel_order_id = penalties.channel_order_id
            and clauses.clause_code = penalties.clause_code
),

final as (
    select
        *,
        not is_void and coalesce(promised_at, actual_at) <= {{ as_of() }} as is_due_known,
        case
            when is_void then 'void'
            when promised_at is null and actual_at is null then 'open'
            when promised_at is null and conflict_count > 0 then 'broken'
            when promised_at is null then 'kept'
            when actual_at <= promised_at then 'kept'
            when actual_at > promised_at or promised_at <= {{ as_of() }} then 'broken'
            else 'open'
        end as clause_status,
        case
            when not is_void
                then cast(round(
                    cast({{ seconds_between('promised_at', 'actual_at') }} as double) / 60, 1
                ) as decimal(18, 1))
        end as minutes_late
    from joined
)

select
    contract_id,
    opened_at,
    channel,
    channel_order_id,
    clause_code,
    item_code,
    promised_at,
    actual_at,
    is_default,
    conflict_count,
    coalesce(is_due_known, false) as is_due,
    clause_status,
    minutes_late,
    penalty_cny
from final
