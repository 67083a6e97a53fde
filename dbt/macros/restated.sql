{#-
    What figures are compared by with those that were published before: digests of keys, never the keys.
-#}

{#- The first day that is looked back on: of older days nothing is kept to be compared. -#}
{% macro restated_since() -%}
    cast({{ add_hours(as_of(), -24 * 92) }} as date)
{%- endmacro %}

{#-
    The digest of a key, as a number; null where a key of one column is. Example:
    digest(['channel', 'channel_order_id']).
-#}
{% macro digest(columns) -%}
    {%- if columns | length == 1 -%}
        {{ luyue.hex_number("md5(" ~ columns[0] ~ ")") }}
    {%- else -%}
        {{ luyue.hex_number("md5(concat_ws('/', " ~ columns | join(', ') ~ "))") }}
    {%- endif -%}
{%- endmacro %}

{#- The first 60 bits of a digest in hex as a whole number: a fourth of its size, and quicker to join by. -#}
{% macro hex_number(hex) -%}
    {{ return(adapter.dispatch('hex_number', 'luyue')(hex)) }}
{%- endmacro %}
{% macro default__hex_number(hex) -%}
    cast('0x' || left({{ hex }}, 15) as bigint)
{%- endmacro %}
{% macro spark__hex_number(hex) -%}
    cast(conv(left({{ hex }}, 15), 16, 10) as bigint)
{%- endmacro %}

{#-
    What a relation of things adds up to, by KPI, day and channel, and for all channels (`all`): of a thing that
    counts in several channels (a merge group) its own row alone. Input: the relation, further keys, further
    aggregates as SQL text with their names.
    Output: kpi, observed_on, the keys, channel, numerator, denominator, the aggregates.
-#}
{% macro summed_by_channel(relation, keys=[], aggregates=[]) -%}
{%- set columns = (['kpi', 'observed_on'] + keys) | join(', ') -%}
{%- set sums = (['sum(numerator) as numerator', 'sum(denominator) as denominator'] + aggregates) | join(', ') -%}
select
    {{ columns }}, channel, {{ sums }}
from {{ relation }}
where channel <> ''
group by {{ columns }}, channel
union all
select
    {{ columns }}, 'all' as channel, {{ sums }}
from {{ relation }}
where is_own
group by {{ columns }}
{%- endmacro %}

{#-
    Things that count otherwise than before: those of two relations, by KPI, thing, day and channel, with what they
    add more to numerator and denominator. was_in and is_in are their groups of before and now.
-#}
{% macro changed_things(was, now) -%}
select
    coalesce(now.kpi, was.kpi) as kpi,
    coalesce(now.channel, was.channel) as channel,
    coalesce(now.is_own, was.is_own) as is_own,
    coalesce(now.thing_no, was.thing_no) as thing_no,
    coalesce(now.observed_on, was.observed_on) as observed_on,
    coalesce(was.group_no, now.group_no, was.thing_no, now.thing_no) as was_in,
    coalesce(now.group_no, was.group_no, now.thing_no, was.thing_no) as is_in,
    was.who_no as was_who,
    was.where_no as was_where,
    coalesce(now.who_no, was.who_no) as who_no,
    was.kpi is null as is_entering,
    was.kpi is null or now.kpi is null as is_on_one_side,
    coalesce(now.numerator, 0) - coalesce(was.numerator, 0) as numerator,
    coalesce(now.denominator, 0) - coalesce(was.denominator, 0) as denominator
from {{ was }} as was
full outer join {{ now }} as now
    on
        was.kpi = now.kpi
        and was.thing_no = now.thing_no
        and was.observed_on = now.observed_on
        and was.channel = now.channel
where
    was.kpi is null
    or now.kpi is null
    or was.numerator <> now.numerator
    or was.denominator <> now.denominator
{%- endmacro %}
