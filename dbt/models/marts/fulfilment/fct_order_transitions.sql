-- Grain: one row per change of state that the exports of one source show of an order line (of the
-- order, where the source exports no lines): (source, channel, channel_order_id, channel_line_id,
-- occurred_before). Nothing adds up but rows; two sources may show one change.
{{ kept(['channel', 'channel_order_id']) }}

with transitions as (
    select * from {{ touched(ref('int_order_transitions__judged')) }}
),

final as (
    select
        source,
        channel,
        channel_order_id,
        channel_line_id,
        from_status,
        to_status,
        occurred_at,
        occurred_after,
        occurred_before,
        is_allowed,
        transition_kind
    from transitions
)

select * from final
