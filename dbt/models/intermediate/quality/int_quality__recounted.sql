-- Grain: one row per (scope, scope_id, kpi, observed_on): what the orders that a finding, a rule or all findings
-- touch add to a KPI on a day. Only KPIs that need the entity (seed kpi_master_data). A group of merged orders is
-- one thing, whole or not at all. Additive over days within a scope; not over scopes.
with needs as (
    select * from {{ ref('kpi_master_data') }}
),

found as (
    select * from {{ ref('int_quality__found') }}
),

touched as (
    select
        needs.kpi,
        needs.method,
        found.finding_id,
        found.rule_code,
        touched.channel,
        touched.channel_order_id
    from {{ ref('int_quality__touched') }} as touched
    inner join found
        on touched.finding_id = found.finding_id
    inner join needs
        on
            found.entity = needs.entity
            and contains(coalesce(needs.rules, found.rule_code), found.rule_code)
),

touched_orders as (
    select distinct
        kpi,
        channel,
        channel_order_id
    from touched
),

things as (
    select
        weighed.kpi,
        weighed.channel,
        weighed.channel_order_id,
        weighed.channel || '/' || weighed.channel_order_id as thing_id,
        weighed.observed_on,
        sum(weighed.numerator) as numerator,
        sum(weighed.denominator) as denominator
    from {{ ref('int_kpis__weighed') }} as weighed
    inner join touched_orders
        on
            weighed.kpi = touched_orders.kpi
            and weighed.channel = touched_orders.channel
            and weighed.channel_order_id = touched_orders.channel_order_id
    where weighed.kpi <> 'cross_channel_merge_rate'
    group by
        weighed.kpi,
        weighed.channel,
        weighed.channel_order_id,
        weighed.observed_on
    union all
    select
        'cross_channel_merge_rate' as kpi,
        channel,
        channel_order_id,
        cast(merge_group_id as {{ dbt.type_string() }}) as thing_id,
        observed_on,
        case when is_merged then order_count else 0 end as numerator,
        order_count as denominator
    from {{ ref('int_kpis__merge_members') }}
),

scoped as (
    {% for scope, scope_id in [
        ('finding', 'touched.finding_id'), ('rule', 'touched.rule_code'), ('all', "'all'"),
    ] %}
        select distinct
            '{{ scope }}' as scope,
            {{ scope_id }} as scope_id,
            touched.kpi,
            touched.method,
            things.thing_id,
            things.observed_on,
            things.numerator,
            things.denominator
        from touched
        inner join things
            on
                touched.kpi = things.kpi
                and touched.channel = things.channel
                and touched.channel_order_id = things.channel_order_id
        {{ 'union all' if not loop.last }}
    {% endfor %}
),

final as (
    select
        scope,
        cast(scope_id as {{ dbt.type_string() }}) as scope_id,
        kpi,
        method,
        observed_on,
        cast(sum(numerator) as bigint) as numerator,
        cast(sum(denominator) as bigint) as denominator,
        count(*) as thing_count
    from scoped
    where denominator > 0
    group by
        scope,
        scope_id,
        kpi,
        method,
        observed_on
)

select * from final
