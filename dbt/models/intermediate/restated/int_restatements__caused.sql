-- Grain: one row per (kpi, thing_no, observed_on, channel) that counts otherwise than when a run last published, with
-- one reason: of a merge group that of any order in it, the first here that applies. See `rests_on` in the seed kpis.
{% set rules_key = env_var('LUYUE_CODE', '') if execute else '' %}
with was as (
    select * from {{ ref('stg_published_things') }}
    where observed_on >= {{ restated_since() }}
),

published as (
    select
        max(as_of) as as_of,
        max(rules_key) as rules_key,
        max(channel) <> '' as has_channels
    from was
),

-- A former version kept no channels: then all channels together are compared.
now as (
    select
        things.kpi,
        case when published.has_channels then things.channel else '' end as channel,
        things.is_own,
        things.thing_no,
        things.group_no,
        things.observed_on,
        things.numerator,
        things.denominator,
        things.who_no
    from {{ ref('int_published__things') }} as things
    cross join published
    where published.has_channels or (not published.has_channels and things.is_own)
),

news as (
    select
        thing_no,
        max(who_no) as who_no
    from {{ ref('int_published__news') }}
    group by thing_no
),

customers as (
    select distinct who_no from news
),

places as (
    select
        {{ digest(['channel', 'channel_order_id']) }} as thing_no,
        {{ digest(['customer_id']) }} as who_no,
        {{ digest(['address_key_token']) }} as where_no
    from {{ ref('int_orders__mergeable') }}
),

changed as (
    {{ changed_things('was', 'now') }}
),

marked as (
    select
        changed.*,
        news.thing_no is not null as is_told,
        customers.who_no is not null as is_customer_told,
        coalesce(changed.was_who <> case
            when changed.kpi = 'cross_channel_merge_rate' then coalesce(places.who_no, 0)
            else changed.who_no
        end, false) as is_other_who,
        coalesce(changed.was_where <> coalesce(places.where_no, 0), false) as is_elsewhere
    from changed
    left join news
        on changed.thing_no = news.thing_no
    left join customers
        on changed.who_no = customers.who_no
    left join places
        on
            changed.kpi = 'cross_channel_merge_rate'
            and changed.thing_no = places.thing_no
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
        contains(kpis.rests_on, 'customer') as is_of_customers,
        kpis.rests_on is not null as is_of_master_data,
        kpis.is_still,
        marked.observed_on >= cast({{ add_hours('published.as_of', -24) }} as date) as is_recent,
        published.as_of < {{ as_of() }} as has_passed,
        published.rules_key = '{{ rules_key }}' as has_same_rules
    from marked
    cross join published
    inner join {{ ref('kpis') }} as kpis
        on marked.kpi = kpis.kpi
),

final as (
    select
        *,
        case
            when any_is_told then 'late_exports'
            when any_is_other_who then 'merged_customers'
            when any_is_elsewhere then 'corrected_master_data'
            when is_of_customers and is_customer_told then 'late_exports'
            when has_passed and is_entering and is_recent then 'time_passed'
            when not has_same_rules then 'rule_change'
            when has_passed and (not is_still or (is_on_one_side and is_recent)) then 'time_passed'
            when is_of_customers then 'merged_customers'
            when is_of_master_data then 'corrected_master_data'
            else 'other'
        end as reason
    from spread
)

select * from final
