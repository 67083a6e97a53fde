-- Grain: one row per (survey_id) of the feed `surveys`, its newest state; later than the cut-off is left
-- out.
with newest as (
    {{ newest_by_column(
        ref('stg_surveys'),
        ['survey_id'],
        ['channel', 'channel_order_id', 'responded_at', 'score'],
    ) }}
)

select * from newest
where responded_at <= {{ as_of() }}
