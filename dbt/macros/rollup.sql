{#-
    The one roll-up over periods and slices. Observations are counted, summed or ranked over each day,
    week (from Monday), month and the whole time, for the whole and for each slice. What does not add up
    (percentiles) is taken from the observations of each period anew, never from another period's figure.
-#}

{#-
    Input: a relation with a date `observed_on`; the keys that every row keeps; the slices, each a list of
    columns ([] is the whole); the columns that the aggregates read; the aggregates as SQL text with their
    names. Output: period, period_start, the keys, the columns of all slices (null where a slice lacks the
    column), the aggregates. An observation without a day is left out; an empty cell of a slice is the member `unknown`; the whole time begins on the
    first day of the index. Example:
    rolled_up('observed', ['kpi'], [[], ['channel']], ['seconds'], ['count(seconds) as denominator']).
-#}
{% macro rolled_up(relation, keys, slices, measures, aggregates) -%}
{%- set columns = slices | sum(start=[]) | unique | list -%}
{%- set spans = [['in_day'], ['in_week'], ['in_month'], []] -%}
select
    case
        when in_day is not null then 'day'
        when in_week is not null then 'week'
        when in_month is not null then 'month'
        else 'total'
    end as period,
    coalesce(in_day, in_week, in_month, (select first_day from {{ ref('int_kpis__span') }}))
        as period_start,
    {%- for column in keys + columns %}
    {{ column }},
    {%- endfor %}
    {%- for aggregate in aggregates %}
    {{ aggregate }}{{ ',' if not loop.last }}
    {%- endfor %}
from (
    select
        observed_on as in_day,
        cast(date_trunc('week', observed_on) as date) as in_week,
        cast(date_trunc('month', observed_on) as date) as in_month,
        {%- for column in columns %}
        coalesce({{ column }}, 'unknown') as {{ column }},
        {%- endfor %}
        {%- for column in keys + measures %}
        {{ column }}{{ ',' if not loop.last }}
        {%- endfor %}
    from {{ relation }}
    where observed_on is not null
) as placed
group by grouping sets (
    {%- for slice in slices %}
    {%- set is_last_slice = loop.last %}
    {%- for span in spans %}
    ({{ (keys + slice + span) | join(', ') }}){{ ',' if not (is_last_slice and loop.last) }}
    {%- endfor %}
    {%- endfor %}
)
having count(*) > 0
{%- endmacro %}

{#- Which slice a rolled-up row is of, where each slice is one column: the column's name, else `all`. -#}
{% macro slice_dimension(columns) -%}
case
    {%- for column in columns %}
    when {{ column }} is not null then '{{ column }}'
    {%- endfor %}
    else 'all'
end
{%- endmacro %}

{#- The member of that slice, `all` for the whole. -#}
{% macro slice_member(columns) -%}
coalesce({{ columns | join(', ') }}, 'all')
{%- endmacro %}

{#- The slices of one column each, and the whole, as `rolled_up` wants them. -#}
{% macro single_slices(columns) -%}
    {%- set slices = [[]] -%}
    {%- for column in columns -%}{%- do slices.append([column]) -%}{%- endfor -%}
    {{ return(slices) }}
{%- endmacro %}

{#- What a population lets one say: nothing, little (under 30), or a rate. -#}
{% macro population_status(population) -%}
case
    when {{ population }} = 0 then 'missing'
    when {{ population }} < 30 then 'small_sample'
    else 'ok'
end
{%- endmacro %}

{#- A ratio as a double, null where there is nothing to divide by. -#}
{% macro ratio(numerator, denominator) -%}
case
    when {{ denominator }} > 0
        then cast({{ numerator }} as double) / cast({{ denominator }} as double)
end
{%- endmacro %}

{#-
    Aggregate: exact percentiles by linear interpolation between the two nearest observations; nulls are
    left out. Output: a list, to be read by `nth`.
-#}
{% macro percentiles(value, fractions) -%}
    {{ return(adapter.dispatch('percentiles', 'luyue')(value, fractions)) }}
{%- endmacro %}
{% macro default__percentiles(value, fractions) -%}
    quantile_cont({{ value }}, [{{ fractions | join(', ') }}])
{%- endmacro %}
{% macro spark__percentiles(value, fractions) -%}
    percentile({{ value }}, array({{ fractions | join(', ') }}))
{%- endmacro %}

{#- The nth element of a list, counted from 1. -#}
{% macro nth(list, n) -%}
    {{ return(adapter.dispatch('nth', 'luyue')(list, n)) }}
{%- endmacro %}
{% macro default__nth(list, n) -%}
    {{ list }}[{{ n }}]
{%- endmacro %}
{% macro spark__nth(list, n) -%}
    element_at({{ list }}, {{ n }})
{%- endmacro %}
