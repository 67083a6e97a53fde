-- Grain: one row per (warehouse_code, sku_code) that ever moved: its book now, how many lines make it, the last
-- of them. Late rule: a late movement adds its quantity, a reversal takes it away again; the last movement is
-- sought anew only where it was itself reversed. A key without lines stands with line_count 0.
-- depends_on: {{ ref('int_stock_movements__accepted') }} {{ ref('int_stock_movements__ledger') }}
{{ stock_model('balances', key=['warehouse_code', 'sku_code']) }}
{% set step = stock_step('balances', takes=['ledger']) %}
with changes as (
    select
        warehouse_code,
        sku_code,
        sum(quantity) as change_qty,
        sum(case when reverses_no is null then 1 else -1 end) as line_change,
        max(case when reverses_no is null then occurred_at end) as booked_at,
        max(case when reverses_no is not null then occurred_at end) as reversed_at
    from {{ ref('int_stock_movements__ledger') }}
    where run_no > {{ step.after_no }}
    group by warehouse_code, sku_code
),

{% if step.is_whole %}
    lasting as (
        select
            warehouse_code,
            sku_code,
            max(occurred_at) as last_movement_at
        from {{ ref('int_stock_movements__accepted') }}
        group by warehouse_code, sku_code
    ),

    final as (
        select
            changes.warehouse_code,
            changes.sku_code,
            changes.change_qty as book_qty,
            changes.line_change as line_count,
            lasting.last_movement_at
        from changes
        left join lasting
            on
                changes.warehouse_code = lasting.warehouse_code
                and changes.sku_code = lasting.sku_code
    )
{% else %}
    -- Of all keys first those that moved: a join is planned as if nearly all had.
    touched as (
        select
            *,
            {{ row_place('balances') }} as had_row
        from {{ this }} as balances
        where exists (
            select 1 from changes
            where balances.warehouse_code = changes.warehouse_code and balances.sku_code = changes.sku_code
        )
    ),

    {# Where a key has other lines and none that was its last was reversed, the last one is known. #}
    moved as (
        select
            changes.warehouse_code,
            changes.sku_code,
            had.had_row,
            coalesce(had.book_qty, 0) + changes.change_qty as book_qty,
            coalesce(had.line_count, 0) + changes.line_change as line_count,
            greatest(had.last_movement_at, changes.booked_at) as last_movement_at,
            coalesce(changes.reversed_at >= had.last_movement_at, false) as is_last_reversed
        from changes
        left join touched as had
            on
                changes.warehouse_code = had.warehouse_code
                and changes.sku_code = had.sku_code
    ),

    entries_of_those as (
        select entries.*
        from {{ ref('int_stock_movements__ledger') }} as entries
        inner join moved
            on
                entries.warehouse_code = moved.warehouse_code
                and entries.sku_code = moved.sku_code
        where moved.is_last_reversed
    ),

    lasting as (
        select
            warehouse_code,
            sku_code,
            max(occurred_at) as last_movement_at
        from ({{ standing_entries('entries_of_those') }}) as standing
        group by warehouse_code, sku_code
    ),

    final as (
        select
            moved.warehouse_code,
            moved.sku_code,
            moved.had_row,
            moved.book_qty,
            moved.line_count,
            case
                when moved.is_last_reversed then lasting.last_movement_at
                else moved.last_movement_at
            end as last_movement_at
        from moved
        left join lasting
            on
                moved.warehouse_code = lasting.warehouse_code
                and moved.sku_code = lasting.sku_code
    )
{% endif %}

select
    warehouse_code,
    sku_code,
    {{ 'had_row,' if not step.is_whole }}
    cast(book_qty as decimal(18, 3)) as book_qty,
    cast(line_count as bigint) as line_count,
    last_movement_at
from final
