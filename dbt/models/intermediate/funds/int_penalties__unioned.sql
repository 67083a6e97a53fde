-- Grain: one row per penalty: (basis, channel, penalty_id). `by_rule`: what a missed ship promise costs by the
-- channel's rule, null where none is known; `as_charged`: what the ledger took. The two tell of the same
-- failures and are not to be added to each other.
{{ config(materialized='view', tags=['lasting']) }}

with final as (
    select
        'by_rule' as basis,
        channel_order_id as penalty_id,
        penalty_code,
        channel,
        channel_order_id,
        charged_at,
        penalty_cny
    from {{ ref('int_penalties__ruled') }}
    union all
    select
        'as_charged' as basis,
        entry_id as penalty_id,
        penalty_code,
        channel,
        channel_order_id,
        charged_at,
        penalty_cny
    from {{ ref('int_penalties__charged') }}
)

select * from final
