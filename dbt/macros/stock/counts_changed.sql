{#-
    Of the CTE `counts` (new ones): the balance now less what happened since, from entries that the book could
    know only after the earliest of them: whatever occurred after a count is among these. Of earlier counts:
    what the new entries of their keys add.
-#}
{% macro counts_by_what_changed(step) -%}
    {%- set first = run_query("
        select min(counted_at) from " ~ ref('int_stock_counts__deduplicated') ~ " where run_no > " ~ step.after_no
    ).rows[0][0] -%}
    since as (
        select
            counts.warehouse_code,
            counts.sku_code,
            counts.counted_at,
            counts.count_type,
            sum(case when entries.occurred_at > counts.counted_at then entries.quantity else 0 end) as later_qty,
            sum(case when entries.occurred_at <= counts.counted_at then entries.quantity else 0 end) as late_qty
        from counts
        inner join {{ ref('int_stock_movements__ledger') }} as entries
            on
                counts.warehouse_code = entries.warehouse_code
                and counts.sku_code = entries.sku_code
                and counts.counted_at < entries.known_at
        where entries.known_at > cast('{{ first or '9999-12-31' }}' as timestamp)
        group by counts.warehouse_code, counts.sku_code, counts.counted_at, counts.count_type
    ),

    arrived as (
        select
            warehouse_code,
            sku_code,
            occurred_at,
            known_at,
            quantity
        from {{ ref('int_stock_movements__ledger') }}
        where
            run_no > {{ step.after_no }}
            and occurred_at <= (select max(booked.counted_at) from {{ this }} as booked)
    ),

    -- Of all counts first those whose keys have new entries: a join is planned as if nearly all had.
    reached as (
        select
            *,
            {{ row_place('booked') }} as had_row
        from {{ this }} as booked
        where exists (
            select 1 from arrived
            where booked.warehouse_code = arrived.warehouse_code and booked.sku_code = arrived.sku_code
        )
    ),

    added as (
        select
            had.warehouse_code,
            had.sku_code,
            had.counted_at,
            had.count_type,
            min(had.had_row) as had_row,
            min(had.counted_qty) as counted_qty,
            min(had.book_qty) + sum(entries.quantity) as book_qty,
            min(had.late_qty)
            + sum(case when entries.known_at > had.counted_at then entries.quantity else 0 end) as late_qty
        from reached as had
        inner join arrived as entries
            on
                had.warehouse_code = entries.warehouse_code
                and had.sku_code = entries.sku_code
                and had.counted_at >= entries.occurred_at
        group by had.warehouse_code, had.sku_code, had.counted_at, had.count_type
    ),

    final as (
        select
            counts.warehouse_code,
            counts.sku_code,
            counts.counted_at,
            counts.count_type,
            {{ row_place('had') }} as had_row,
            counts.on_hand_qty as counted_qty,
            coalesce(balances.book_qty, 0) - coalesce(since.later_qty, 0) as book_qty,
            coalesce(since.late_qty, 0) as late_qty
        from counts
        left join {{ this }} as had
            on
                counts.warehouse_code = had.warehouse_code
                and counts.sku_code = had.sku_code
                and counts.counted_at = had.counted_at
                and counts.count_type = had.count_type
        left join {{ ref('int_stock_balances__current') }} as balances
            on
                counts.warehouse_code = balances.warehouse_code
                and counts.sku_code = balances.sku_code
        left join since
            on
                counts.warehouse_code = since.warehouse_code
                and counts.sku_code = since.sku_code
                and counts.counted_at = since.counted_at
                and counts.count_type = since.count_type
        union all
        select added.*
        from added
        left join counts
            on
                added.warehouse_code = counts.warehouse_code
                and added.sku_code = counts.sku_code
                and added.counted_at = counts.counted_at
                and added.count_type = counts.count_type
        where counts.sku_code is null
    )
{%- endmacro %}
