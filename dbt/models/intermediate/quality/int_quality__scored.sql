-- Grain: one row per (measured_at, slice, member): the score of master data now and at the cut-offs published
-- before, 0-100, over all rules or those of a dimension, an entity, an owner or a source: 100 times the weighted
-- mean of what passed each rule. Not additive.
{% set slices = ['dimension', 'entity', 'owner', 'source'] %}
with rules as (
    select * from {{ ref('quality_rules') }}
),

failing as (
    select
        found.rule_code,
        found.entity,
        found.source,
        coalesce(found.record_owner, rules.owner) as owner,
        count(*) as failing
    from {{ ref('int_quality__found') }} as found
    inner join rules
        on found.rule_code = rules.rule_code
    group by
        found.rule_code,
        found.entity,
        found.source,
        coalesce(found.record_owner, rules.owner)
),

checked as (
    select * from {{ ref('int_quality__checked') }}
),

held as (
    select
        rules.rule_code,
        rules.dimension,
        rules.weight,
        checked.entity,
        checked.owner,
        checked.source,
        checked.checked_count,
        coalesce(failing.failing, 0) as failing
    from checked
    inner join rules
        on checked.rule_code = rules.rule_code
    left join failing
        on
            checked.rule_code = failing.rule_code
            and checked.entity = failing.entity
            and checked.source = failing.source
            and checked.owner = failing.owner
    where checked.checked_count > 0
),

by_rule as (
    select
        'all' as slice,
        'all' as member,
        rule_code,
        max(weight) as weight,
        sum(checked_count) as checked_count,
        least(sum(failing), sum(checked_count)) as failing
    from held
    group by rule_code
    {% for slice in slices %}
        union all
        select
            '{{ slice }}' as slice,
            {{ slice }} as member,
            rule_code,
            max(weight) as weight,
            sum(checked_count) as checked_count,
            least(sum(failing), sum(checked_count)) as failing
        from held
        group by
            {{ slice }},
            rule_code
    {% endfor %}
),

final as (
    select
        {{ as_of() }} as measured_at,
        slice,
        member,
        100 * {{ exact_sum(
            'weight * (1 - cast(failing as double) / cast(checked_count as double))'
        ) }}
        / {{ exact_sum('weight') }} as score,
        count(*) as rule_count,
        sum(checked_count) as checked_count,
        sum(failing) as failing_count
    from by_rule
    group by
        slice,
        member
    union all
    select
        measured_at,
        slice,
        member,
        score,
        rule_count,
        checked_count,
        failing_count
    from {{ ref('stg_quality_scores') }}
    where measured_at < {{ as_of() }}
)

select * from final
