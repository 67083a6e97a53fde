-- Grain: one row per exported line of the feed `surveys`, every export of it; the newest is chosen
-- downstream.
{{ exported_rows(
    'surveys',
    [
        'survey_id', 'channel', 'channel_order_id', 'responded_at', 'score', 'comment',
        'comment_token',
    ],
) }}
