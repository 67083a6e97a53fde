-- Grain: one row per (basis, channel, penalty_id): a missed ship promise with what the channel's rule puts on
-- it (null: no rule is known), or a ledger entry. penalty_cny adds up within one basis, not over both.
with penalties as (
    select * from {{ ref('int_penalties__unioned') }}
),

final as (
    select
        basis,
        channel,
        penalty_id,
        penalty_code,
        channel_order_id,
        charged_at,
        penalty_cny
    from penalties
)

select * from final
