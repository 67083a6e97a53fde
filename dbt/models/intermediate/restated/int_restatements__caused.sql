-- Grain: one row per (kpi, thing_key, observed_on) that counts otherwise than when a run last published, with the
-- one reason that it is put down to. A merge group has one reason: that of any order in it, the first here that
-- applies: late exports, merged customers, corrected master data; else time or a changed rule.
{% set rules_key = env_var('LUYUE_CODE', '') if execute else '' %}
with was as (
    select * from {{ ref('stg_published_things') }}
),

now as (
    select * from {{ ref('int_published__things') }}
),

published as (
    select
        max(as_of) as as_of,
        max(rules_key) as rules_key
    from was
),

news as (
    select * from {{ ref('int_published__news') }}
),

places as (
    select
        md5(concat_ws('/', channel, channel_order_id)) as thing_key,
        md5(customer_id) as who_key,
        md5(address_key_token) as where_key
    from {{ ref('int_orders__mergeable') }}
),

changed as (
    select
        coalesce(now.kpi, was.kpi) as kpi,
        coalesce(now.thing_key, was.thing_key) as thing_key,
        coalesce(now.observed_on, was.observed_on) as observed_on,
        coalesce(was.group_key, now.group_key) as was_in,
        coalesce(now.group_key, was.group_key) as is_in,
        was.who_key as was_who,
        was.where_key as was_where,
        was.kpi is null as is_entering,
        coalesce(now.numerator, 0) - coalesce(was.numerator, 0) as numerator,
        coalesce(now.denominator, 0) - coalesce(was.denominator, 0) as denominator
    from was
    full outer join now
        on
            was.kpi = now.kpi
            and was.thing_key = now.thing_key
            and was.observed_on = now.observed_on
    where
        was.kpi is null
        or now.kpi is null
        or was.numerator <> now.numerator
        or was.denominator <> now.denominator
),

marked as (
    select
        changed.*,
        news.thing_key is not null as is_told,
        coalesce(changed.was_who <> coalesce(places.who_key, ''), false) as is_other_who,
        coalesce(changed.was_where <> coalesce(places.where_key, ''), false) as is_elsewhere
    from changed
    left join news
        on changed.thing_key = news.thing_key
    left join places
        on
            changed.kpi = 'cross_channel_merge_rate'
            and changed.thing_key = places.thing_key
),

spread as (
    select
        marked.*,
        {% for mark in ['is_told', 'is_other_who', 'is_elsewhere'] %}
            greatest(
                max(case when marked.{{ mark }} then 1 else 0 end)
                    over (partition by marked.kpi, marked.was_in),
                max(case when marked.{{ mark }} then 1 else 0 end)
                    over (partition by marked.kpi, marked.is_in)
            ) = 1 as any_{{ mark }},
        {% endfor %}
        published.as_of as published_as_of,
        published.rules_key = '{{ rules_key }}' as has_same_rules
    from marked
    cross join published
),

final as (
    select
        kpi,
        thing_key,
        observed_on,
        numerator,
        denominator,
        case
            when any_is_told then 'late_exports'
            when any_is_other_who then 'merged_customers'
            when any_is_elsewhere then 'corrected_master_data'
            when published_as_of < {{ as_of() }} and (has_same_rules or (
                is_entering and observed_on >= cast({{ add_hours('published_as_of', -24) }} as date)
            )) then 'time_passed'
            when not has_same_rules then 'rule_change'
            else 'other'
        end as reason
    from spread
)

select * from final
