{#-
    How late one kind of thing was known, rolled up. Input: the kind, its slices, the limit in seconds and the
    name that stands for it in columns (over_90s). Output: period, period_start, the columns of the slices
    (`all` for the whole), event_count, denominator, p50 … p99, the numerator and its share, coverage, status.
-#}
{% macro lag_figures(lag_kind, slices, limit_seconds) -%}
{%- set columns = slices | sum(start=[]) | unique | list -%}
{%- set over = 'over_' ~ limit_seconds ~ 's' -%}
with observed as (
    select * from {{ ref('int_lags__observed') }}
    where lag_kind = '{{ lag_kind }}'
),

rolled as (
    {{ rolled_up(
        'observed', [], slices, ['seconds'],
        [
            'count(*) as event_count',
            'count(seconds) as denominator',
            'count(case when seconds > ' ~ limit_seconds ~ ' then 1 end) as ' ~ over,
            percentiles('seconds', [0.5, 0.95, 0.99]) ~ ' as seconds_at',
        ],
    ) }}
),

final as (
    select
        cast(period as {{ dbt.type_string() }}) as period,
        period_start,
        {%- for column in columns %}
        cast(coalesce({{ column }}, 'all') as {{ dbt.type_string() }}) as {{ column }},
        {%- endfor %}
        cast(event_count as bigint) as events,
        cast(denominator as bigint) as denominator,
        {{ nth('seconds_at', 1) }} as p50_seconds,
        {{ nth('seconds_at', 2) }} as p95_seconds,
        {{ nth('seconds_at', 3) }} as p99_seconds,
        cast({{ over }} as bigint) as {{ over }},
        {{ ratio(over, 'denominator') }} as share_{{ over }},
        {{ ratio('denominator', 'event_count') }} as coverage,
        cast({{ population_status('denominator') }} as {{ dbt.type_string() }}) as status
    from rolled
)

select * from final
{%- endmacro %}
