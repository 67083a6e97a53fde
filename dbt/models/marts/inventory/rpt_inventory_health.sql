-- Grain: one row per (period_kind, period_start, warehouse_code, owner, kpi, cause); `all` is every one. Rates do not add up.
-- Period `now` is how things stand at the cut-off; the others go by the day of the count, payment or change.
with daily as (
    select * from {{ ref('int_stock_health__counted') }}
    union all
    select * from {{ ref('int_stock_health__sold') }}
),

placed as (
    {% for period in ['day', 'week', 'month', 'total'] %}
        select
            '{{ period }}' as period_kind,
            {% if period == 'total' %}
                min(observed_on) over (partition by kpi) as period_start,
            {% else %}
                cast(date_trunc('{{ period }}', observed_on) as date) as period_start,
            {% endif %}
            kpi,
            'all' as cause,
            warehouse_code,
            owner,
            numerator,
            denominator,
            complete_count,
            input_count
        from daily
        union all
    {% endfor %}
    select
        'now' as period_kind,
        cast({{ as_of() }} as date) as period_start,
        kpi,
        cause,
        warehouse_code,
        owner,
        numerator,
        denominator,
        complete_count,
        input_count
    from {{ ref('int_stock_health__standing') }}
),

rolled_up as (
    select
        period_kind as period,
        period_start,
        coalesce(warehouse_code, 'all') as warehouse_code,
        coalesce(owner, 'all') as owner,
        kpi,
        cause,
        cast(sum(numerator) as double) as numerator,
        cast(sum(denominator) as double) as denominator,
        cast(sum(numerator) as double) / nullif(cast(sum(denominator) as double), 0) as value,
        sum(complete_count) as complete_count,
        sum(input_count) as input_count
    from placed
    group by grouping sets (
        (period_kind, period_start, kpi, cause, warehouse_code, owner),
        (period_kind, period_start, kpi, cause, warehouse_code),
        (period_kind, period_start, kpi, cause, owner),
        (period_kind, period_start, kpi, cause)
    )
),

measured as (
    select * from rolled_up
    union all
    select
        period,
        period_start,
        'all' as warehouse_code,
        owner,
        kpi,
        'all' as cause,
        numerator,
        denominator,
        value,
        complete_count,
        input_count
    from {{ ref('int_stock_health__synced') }}
),

targets as (
    select * from {{ ref('inventory_targets') }}
),

final as (
    select
        cast(measured.period as {{ dbt.type_string() }}) as period,
        measured.period_start,
        cast(measured.warehouse_code as {{ dbt.type_string() }}) as warehouse_code,
        cast(measured.owner as {{ dbt.type_string() }}) as owner,
        cast(measured.kpi as {{ dbt.type_string() }}) as kpi,
        cast(measured.cause as {{ dbt.type_string() }}) as cause,
        measured.numerator,
        measured.denominator,
        cast(measured.value as double) as value,
        cast(
            case
                when measured.input_count > 0
                    then cast(measured.complete_count as double) / measured.input_count
            end as double
        ) as coverage,
        cast(
            case
                when measured.value is null then 'missing'
                when measured.input_count < 30 then 'small_sample'
                else 'ok'
            end as {{ dbt.type_string() }}
        ) as status,
        targets.benchmark_before,
        targets.benchmark_after
    from measured
    left join targets
        on
            measured.kpi = targets.kpi
            and measured.period_start between targets.valid_from and targets.valid_to
)

select * from final
