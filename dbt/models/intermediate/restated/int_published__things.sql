-- Grain: one row per (kpi, thing_no, observed_on, channel) of the days that are looked back on: what each order
-- (record, customer; of lags a day of a channel) adds to numerator and denominator of each KPI, by digests of its
-- keys. What a run that publishes keeps, to be compared by the next. Of a merge group each order is a thing, once
-- in each channel of the group (is_own: in its own); all of them share the group_no.
{% set rules_key = env_var('LUYUE_CODE', '') if execute else '' %}
with parts as (
    select * from {{ ref('index_weights') }}
),

keyed as (
    select
        kpi,
        coalesce(channel, 'unknown') as channel,
        {{ digest(['channel', 'channel_order_id']) }} as thing_no,
        observed_on,
        numerator,
        denominator
    from {{ ref('int_kpis__weighed') }}
    where
        denominator > 0
        and observed_on >= {{ restated_since() }}
),

counted as (
    select
        kpi,
        channel,
        thing_no,
        observed_on,
        sum(numerator) as numerator,
        sum(denominator) as denominator
    from keyed
    group by
        kpi,
        channel,
        thing_no,
        observed_on
),

things as (
    select
        kpi,
        channel,
        thing_no,
        observed_on,
        numerator,
        denominator,
        true as is_own,
        cast(null as bigint) as group_no,
        cast(null as bigint) as who_no,
        cast(null as bigint) as where_no
    from counted
    union all
    select
        kpi,
        channel,
        thing_no,
        observed_on,
        numerator,
        denominator,
        is_own,
        group_no,
        who_no,
        where_no
    from {{ ref('int_published__beside') }}
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
        things.channel,
        things.is_own,
        things.thing_no,
        things.group_no,
        things.observed_on,
        cast(things.numerator as bigint) as numerator,
        cast(things.denominator as bigint) as denominator,
        things.who_no,
        things.where_no,
        parts.weight
    from things
    left join parts
        on
            things.kpi = parts.kpi
            and things.observed_on between parts.valid_from and parts.valid_to
    cross join batches
)

select * from final
