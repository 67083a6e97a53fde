{#- Passes if the book over all positions is what the runs noted that they added to the ledger: nothing lost or
    doubled on the way, and the ledger need not be read. Does not prove that a movement stands at the right
    key (`luyue inventory prove` does). Hurt: whoever sells by this figure. -#}
-- depends_on: {{ ref('int_stock_movements__ledger') }}
with noted as (
    select quantity as total_qty
    from {{ stock_totals() }} as totals
),

booked as (
    select coalesce(sum(book_on_hand_qty), 0) as total_qty
    from {{ ref('fct_stock_positions') }}
)

select
    noted.total_qty as noted_qty,
    booked.total_qty as booked_qty
from noted
cross join booked
where noted.total_qty <> booked.total_qty
