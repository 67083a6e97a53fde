-- Grain: one row per (channel, entry_id) of the feed `fund_entries`, its newest state; later than the cut-
-- off is left out. Additive: amount_cny.
with newest as (
    {{ newest_by_column(
        ref('stg_fund_entries'),
        ['channel', 'entry_id'],
        ['channel_order_id', 'entry_type', 'amount_cny', 'occurred_at', 'remark'],
    ) }}
)

select * from newest
where occurred_at <= {{ as_of() }}
