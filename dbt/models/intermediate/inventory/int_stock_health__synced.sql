-- Grain: one row per (period, period_start, owner), `all` included: how long shops took to show a change of
-- our stock, by the day of the change: shares over 32 s and over 412 ms, p50 and p95 in seconds, a row a
-- kpi. Not additive. Complete is a change with both times.
with changes as (
    select
        coalesce(skus.owner, 'nobody') as owner,
        cast(listings.changed_at as date) as changed_on,
        cast({{ seconds_between('listings.changed_at', 'listings.synced_at') }} as double)
            as lag_seconds
    from {{ ref('int_channel_listings__deduplicated') }} as listings
    left join {{ ref('int_skus__deduplicated') }} as skus
        on listings.sku_code = skus.sku_code
    where listings.changed_at <= {{ as_of() }}
),

placed as (
    {% for period in ['day', 'week', 'month', 'total'] %}
        select
            '{{ period }}' as period_kind,
            {% if period == 'total' %}
                min(changed_on) over () as period_start,
            {% else %}
                cast(date_trunc('{{ period }}', changed_on) as date) as period_start,
            {% endif %}
            owner,
            lag_seconds
        from changes
        {{ 'union all' if not loop.last }}
    {% endfor %}
),

measured as (
    select
        period_kind,
        period_start,
        coalesce(owner, 'all') as owner,
        count_if(lag_seconds > 32) as over_32s_count,
        count_if(lag_seconds > 0.412) as over_412ms_count,
        {{ percentiles('lag_seconds', [0.5, 0.95]) }} as seconds_at,
        count(lag_seconds) as complete_count,
        count(*) as input_count
    from placed
    group by grouping sets ((period_kind, period_start, owner), (period_kind, period_start))
),

final as (
    {% for kpi, numerator, value in [
        ('stock_sync_over_32s_rate', 'over_32s_count', none),
        ('stock_sync_over_412ms_rate', 'over_412ms_count', none),
        ('stock_sync_lag_p50_seconds', none, nth('seconds_at', 1)),
        ('stock_sync_lag_p95_seconds', none, nth('seconds_at', 2)),
    ] %}
        select
            period_kind as period,
            period_start,
            owner,
            '{{ kpi }}' as kpi,
            cast({{ numerator or 'null' }} as double) as numerator,
            cast(complete_count as double) as denominator,
            {% if value %}
                {{ value }} as value,
            {% else %}
                case
                    when complete_count > 0
                        then {{ numerator }} / cast(complete_count as double)
                end as value,
            {% endif %}
            complete_count,
            input_count
        from measured
        {{ 'union all' if not loop.last }}
    {% endfor %}
)

select * from final
