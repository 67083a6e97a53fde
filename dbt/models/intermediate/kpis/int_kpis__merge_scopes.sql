-- Grain: one row per (observed_on, dimension, member): orders in merge groups by the day of the group's first
-- payment. `all` has each group once; a member of a slice has the whole of each group that holds an order of
-- it. Additive over days, not over members.
{% set dimensions = ['channel', 'warehouse', 'province', 'customer_tier'] %}
with members as (
    select * from {{ ref('int_kpis__merge_members') }}
),

scopes as (
    select distinct
        'all' as dimension,
        'all' as member,
        merge_group_id,
        observed_on,
        is_merged,
        order_count
    from members
    {% for dimension in dimensions %}
        union all
        select distinct
            '{{ dimension }}' as dimension,
            coalesce({{ dimension }}, 'unknown') as member,
            merge_group_id,
            observed_on,
            is_merged,
            order_count
        from members
    {% endfor %}
),

final as (
    select
        dimension,
        member,
        observed_on,
        cast(sum(case when is_merged then order_count else 0 end) as bigint) as numerator,
        cast(sum(order_count) as bigint) as denominator
    from scopes
    group by
        dimension,
        member,
        observed_on
)

select * from final
