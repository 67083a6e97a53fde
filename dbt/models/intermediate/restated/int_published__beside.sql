-- Grain: one row per (kpi, thing_no, observed_on, channel) of what is no single order, as in int_published__things:
-- orders of merge groups, records, customers, days of a channel's lags. A KPI that is not told by channel has an
-- empty one.
{{ config(materialized='ephemeral') }}

with lag_limits as (
    select * from {{ ref('lag_limits') }}
),

scopes as (
    select distinct
        merge_group_id,
        channel
    from {{ ref('int_kpis__merge_members') }}
),

final as (
    select
        'cross_channel_merge_rate' as kpi,
        scopes.channel,
        {{ digest(['members.channel', 'members.channel_order_id']) }} as thing_no,
        members.observed_on,
        case when members.is_merged then 1 else 0 end as numerator,
        1 as denominator,
        scopes.channel = members.channel as is_own,
        {{ digest(['members.merge_group_id']) }} as group_no,
        {{ digest(['mergeable.customer_id']) }} as who_no,
        {{ digest(['mergeable.address_key_token']) }} as where_no
    from {{ ref('int_kpis__merge_members') }} as members
    inner join scopes
        on members.merge_group_id = scopes.merge_group_id
    left join {{ ref('int_orders__mergeable') }} as mergeable
        on
            members.channel = mergeable.channel
            and members.channel_order_id = mergeable.channel_order_id
    where members.observed_on >= {{ restated_since() }}
    union all
    select
        'unification_rate' as kpi,
        coalesce(channel, 'unknown') as channel,
        {{ digest(['record_of', 'source_record_id']) }} as thing_no,
        observed_on,
        sum(case when record_count > 1 then 1 else 0 end) as numerator,
        count(*) as denominator,
        true as is_own,
        cast(null as bigint) as group_no,
        {{ digest(['min(customer_id)']) }} as who_no,
        cast(null as bigint) as where_no
    from {{ ref('int_kpis__records') }}
    where observed_on >= {{ restated_since() }}
    group by
        channel,
        record_of,
        source_record_id,
        observed_on
    union all
    select
        'high_value_churn_risk_rate' as kpi,
        '' as channel,
        {{ digest(['customer_id']) }} as thing_no,
        cast({{ as_of() }} as date) as observed_on,
        case when is_at_risk then 1 else 0 end as numerator,
        1 as denominator,
        true as is_own,
        cast(null as bigint) as group_no,
        {{ digest(['customer_id']) }} as who_no,
        cast(null as bigint) as where_no
    from {{ ref('int_kpis__churn') }}
    union all
    select
        lags.kpi,
        case
            when contains(kpis.dimensions, 'channel') then coalesce(lags.channel, 'unknown')
            else ''
        end as channel,
        {{ digest(['lag_limits.lag_kind', 'lags.channel', 'lags.observed_on']) }} as thing_no,
        lags.observed_on,
        lags.numerator,
        lags.denominator,
        true as is_own,
        cast(null as bigint) as group_no,
        cast(null as bigint) as who_no,
        cast(null as bigint) as where_no
    from {{ ref('int_kpis__single') }} as lags
    inner join lag_limits
        on lags.kpi = lag_limits.kpi
    inner join {{ ref('kpis') }} as kpis
        on lags.kpi = kpis.kpi
    where
        lags.denominator > 0
        and lags.observed_on >= {{ restated_since() }}
)

select * from final
