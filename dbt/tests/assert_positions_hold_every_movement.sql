{#- Passes if the book over all positions is the sum of all movements that count: nothing lost or doubled on
    the way. Does not prove that a movement stands at the right key. Hurt: whoever sells by this figure. -#}
with moved as (
    select coalesce(sum(quantity), 0) as total_qty
    from {{ ref('int_stock_movements__accepted') }}
),

booked as (
    select coalesce(sum(book_on_hand_qty), 0) as total_qty
    from {{ ref('fct_stock_positions') }}
)

select
    moved.total_qty as moved_qty,
    booked.total_qty as booked_qty
from moved
cross join booked
where moved.total_qty <> booked.total_qty
