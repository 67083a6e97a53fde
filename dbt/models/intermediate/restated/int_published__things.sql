-- Grain: one row per (kpi, thing_key, observed_on) of the parts of the index, of the days that are looked back
-- on: what each order adds to numerator and denominator, by digests of its keys. What a run that publishes
-- keeps, to be compared by the next. Of a merge group each order is a thing; all of them share the group_key.
{% set looks_back_days = 92 %}
{% set rules_key = env_var('LUYUE_CODE', '') if execute else '' %}
with parts as (
    select * from {{ ref('index_weights') }}
),

counted as (
    select
        kpi,
        channel,
        channel_order_id,
        observed_on,
        sum(numerator) as numerator,
        sum(denominator) as denominator
    from {{ ref('int_kpis__weighed') }}
    where
        kpi in (select parts.kpi from parts)
        and kpi <> 'cross_channel_merge_rate'
    group by
        kpi,
        channel,
        channel_order_id,
        observed_on
),

things as (
    select
        kpi,
        md5(concat_ws('/', channel, channel_order_id)) as thing_key,
        md5(concat_ws('/', channel, channel_order_id)) as group_key,
        observed_on,
        numerator,
        denominator,
        cast(null as {{ dbt.type_string() }}) as who_key,
        cast(null as {{ dbt.type_string() }}) as where_key
    from counted
    where denominator > 0
    union all
    select
        'cross_channel_merge_rate' as kpi,
        md5(concat_ws('/', members.channel, members.channel_order_id)) as thing_key,
        md5(members.merge_group_id) as group_key,
        members.observed_on,
        case when members.is_merged then 1 else 0 end as numerator,
        1 as denominator,
        md5(mergeable.customer_id) as who_key,
        md5(mergeable.address_key_token) as where_key
    from {{ ref('int_kpis__merge_members') }} as members
    left join {{ ref('int_orders__mergeable') }} as mergeable
        on
            members.channel = mergeable.channel
            and members.channel_order_id = mergeable.channel_order_id
),

batches as (
    select max(arrival_seq) as arrival_seq from {{ ref('stg_batches') }}
),

final as (
    select
        {{ as_of() }} as as_of,
        cast(batches.arrival_seq as bigint) as arrival_seq,
        '{{ rules_key }}' as rules_key,
        things.kpi,
        things.thing_key,
        things.group_key,
        things.observed_on,
        cast(things.numerator as bigint) as numerator,
        cast(things.denominator as bigint) as denominator,
        things.who_key,
        things.where_key,
        parts.weight
    from things
    inner join parts
        on
            things.kpi = parts.kpi
            and things.observed_on between parts.valid_from and parts.valid_to
    cross join batches
    where things.observed_on >= cast({{ add_hours(as_of(), -24 * looks_back_days) }} as date)
)

select * from final
