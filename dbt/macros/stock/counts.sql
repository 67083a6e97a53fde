{#- The book at the time of counts: of all counts at once, and of what a run has changed. CTEs up to `final`. -#}

{#-
    Movements and counts share one time line and one running sum a figure, so the cost follows their number,
    not their product. Input: movements that count, and a relation of counts (on_hand_qty).
-#}
{% macro counts_on_one_time_line(movements, counts) -%}
    time_line as (
        select
            warehouse_code,
            sku_code,
            occurred_at,
            known_at,
            quantity,
            cast(null as {{ dbt.type_string() }}) as count_type,
            cast(null as decimal(18, 3)) as counted_qty
        from {{ movements }}
        union all
        select
            warehouse_code,
            sku_code,
            counted_at as occurred_at,
            counted_at as known_at,
            cast(0 as decimal(18, 3)) as quantity,
            count_type,
            on_hand_qty as counted_qty
        from {{ counts }}
    ),

    running as (
        select
            *,
            sum(quantity) over (
                partition by warehouse_code, sku_code
                order by occurred_at asc nulls last
                range between unbounded preceding and current row
            ) as book_qty,
            sum(quantity) over (
                partition by warehouse_code, sku_code
                order by known_at asc nulls last
                range between unbounded preceding and current row
            ) as known_qty
        from time_line
    ),

    final as (
        select
            warehouse_code,
            sku_code,
            occurred_at as counted_at,
            count_type,
            counted_qty,
            book_qty,
            book_qty - known_qty as late_qty
        from running
        where count_type is not null
    )
{%- endmacro %}
