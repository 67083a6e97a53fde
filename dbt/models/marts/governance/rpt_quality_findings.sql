-- Grain: one row per finding_id, which is one (rule_code, entity, record_key): what owners of master data should
-- mend, and what has become of it. Not additive: one order can be touched by several findings. What tells of its
-- life (first_seen_at to acted_until) rests on the runs published before and on inbox/: see docs/quality.md.
with lived as (
    select * from {{ ref('int_quality__lived') }}
),

rules as (
    select * from {{ ref('quality_rules') }}
),

touched as (
    select
        finding_id,
        count(*) as order_count
    from {{ ref('int_quality__touched') }}
    group by finding_id
),

cost as (
    select
        scope_id as finding_id,
        max(points_lost) as kpi_points,
        max_by(kpi, points_lost) as kpi_hurt
    from {{ ref('rpt_quality_impact') }}
    where
        scope = 'finding'
        and unit = 'rate'
        and points_lost > 0
    group by scope_id
),

final as (
    select
        lived.finding_id,
        lived.rule_code,
        lived.entity,
        lived.record_key,
        coalesce(lived.field, rules.field) as field,
        lived.value,
        coalesce(lived.reason_code, lived.rule_code) as reason_code,
        lived.detail,
        rules.title_zh || coalesce('：' || coalesce(lived.detail, lived.value), '') as detail_zh,
        rules.title_en || coalesce(': ' || coalesce(lived.detail, lived.value), '') as detail_en,
        lived.suggestion,
        lived.adcode,
        lived.source,
        coalesce(lived.said_assignee, lived.record_owner, rules.owner) as owner,
        lived.record_owner,
        rules.dimension,
        rules.severity,
        cast(lived.state as {{ dbt.type_string() }}) as state,
        lived.said_reason as state_reason,
        lived.first_seen_at,
        lived.opened_at,
        lived.last_seen_at,
        lived.due_at,
        lived.responded_at,
        lived.resolved_at,
        cast({{ seconds_between('lived.opened_at', 'lived.responded_at') }} as double) / 3600
            as hours_to_respond,
        cast({{ seconds_between('lived.opened_at', 'lived.resolved_at') }} as double) / 3600
            as hours_to_resolve,
        lived.resolved_at is null and lived.due_at < {{ as_of() }} as is_overdue,
        cast(lived.reopened_count as bigint) as reopened_count,
        lived.acted_until,
        cast(coalesce(touched.order_count, 0) as bigint) as orders_touched,
        coalesce(cost.kpi_points, 0) as kpi_points,
        cost.kpi_hurt,
        rules.title_zh,
        rules.title_en,
        rules.remedy_zh,
        rules.remedy_en
    from lived
    inner join rules
        on lived.rule_code = rules.rule_code
    left join touched
        on lived.finding_id = touched.finding_id
    left join cost
        on lived.finding_id = cost.finding_id
)

select * from final
