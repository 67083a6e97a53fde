"""Orders with what KPIs are sliced by, as SQL: warehouse by its code, carrier, province of the address.

The same reading as the marts' roll-ups, which publish no slice of an order.
"""

from __future__ import annotations

PLACED = """
warehouse_texts as (
    select warehouse_code as warehouse_text, warehouse_code from marts.dim_warehouses
    union all
    select name, min(warehouse_code)
    from marts.dim_warehouses
    where name is not null and name not in (select warehouse_code from marts.dim_warehouses)
    group by name
    having count(*) = 1
),
placed as (
    select o.*, coalesce(w.warehouse_code, o.warehouse_code) as warehouse
    from marts.fct_orders as o
    left join warehouse_texts as w on o.warehouse_code = w.warehouse_text
)"""
"""CTEs; to be written after `with`. `placed` has the columns of fct_orders, and warehouse."""

SLICED = f"""{PLACED},
regions as (
    select left(adcode, 2) as region, min(province) as province
    from marts.dim_addresses
    where province is not null
    group by region
),
sliced as (
    select o.*, r.province
    from placed as o
    left join regions as r on left(o.adcode, 2) = r.region
)"""
"""Likewise. `sliced` has province, too, for which all addresses are read."""
