-- Grain: one row per (period, period_start, channel, clause_code), `all` included: the clauses of the contracts
-- that were opened in the period, and what became of them. Counts of clauses add up over channels and codes;
-- contracts do not, since one has several of both.
with clauses as (
    select
        contract_id,
        channel,
        clause_code,
        clause_status,
        cast(opened_at as date) as observed_on,
        case when clause_status = 'broken' then cast(minutes_late as double) end as late_minutes
    from {{ ref('fct_contract_clauses') }}
),

contracts as (
    select
        contract_id,
        cast(opened_at as date) as observed_on,
        case when channel_count > 1 then 1 else 0 end as joint
    from {{ ref('fct_fulfilment_contracts') }}
),

contract_channels as (
    select
        contracts.contract_id,
        contracts.observed_on,
        contracts.joint,
        clauses.channel
    from contracts
    inner join clauses
        on contracts.contract_id = clauses.contract_id
    group by contracts.contract_id, contracts.observed_on, contracts.joint, clauses.channel
),

rolled as (
    {{ rolled_up(
        'clauses', [], [[], ['channel'], ['clause_code'], ['channel', 'clause_code']],
        ['clause_status', 'late_minutes'],
        [
            "count_if(clause_status = 'kept') as numerator",
            "count_if(clause_status in ('kept', 'broken')) as denominator",
            "count_if(clause_status = 'open') as open_count",
            "count_if(clause_status = 'void') as void_count",
            'count(*) as clause_count',
            percentiles('late_minutes', [0.5]) ~ ' as late_at',
        ],
    ) }}
),

{% set counted = ['count(*) as contract_count', 'sum(joint) as joint_contract_count'] %}
rolled_contracts as (
    {{ rolled_up('contracts', [], [[]], ['joint'], counted) }}
),

rolled_channels as (
    {{ rolled_up('contract_channels', [], [['channel']], ['joint'], counted) }}
),

contract_counts as (
    select
        period,
        period_start,
        'all' as channel,
        contract_count,
        joint_contract_count
    from rolled_contracts
    union all
    select
        period,
        period_start,
        channel,
        contract_count,
        joint_contract_count
    from rolled_channels
),

final as (
    select
        cast(rolled.period as {{ dbt.type_string() }}) as period,
        rolled.period_start,
        cast(coalesce(rolled.channel, 'all') as {{ dbt.type_string() }}) as channel,
        cast(coalesce(rolled.clause_code, 'all') as {{ dbt.type_string() }}) as clause_code,
        cast(rolled.numerator as bigint) as numerator,
        cast(rolled.denominator as bigint) as denominator,
        {{ ratio('rolled.numerator', 'rolled.denominator') }} as kept_rate,
        cast(rolled.open_count as bigint) as open_count,
        cast(rolled.void_count as bigint) as void_count,
        cast(rolled.clause_count as bigint) as clause_count,
        cast(contract_counts.contract_count as bigint) as contract_count,
        cast(contract_counts.joint_contract_count as bigint) as joint_contract_count,
        {{ nth('rolled.late_at', 1) }} as p50_late_minutes,
        {{ ratio('rolled.denominator', 'rolled.clause_count') }} as coverage,
        cast({{ population_status('rolled.denominator') }} as {{ dbt.type_string() }}) as status
    from rolled
    left join contract_counts
        on
            rolled.clause_code is null
            and rolled.period = contract_counts.period
            and rolled.period_start = contract_counts.period_start
            and coalesce(rolled.channel, 'all') = contract_counts.channel
)

select * from final
