-- Grain: one row per (kpi, thing_no, observed_on, channel): what each KPI counted when a run last published. A former
-- version kept digests as text and no channels: then the channel is empty.
with final as (
    select
        run_id,
        as_of,
        arrival_seq,
        rules_key,
        kpi,
        coalesce(channel, '') as channel,
        coalesce(is_own, true) as is_own,
        coalesce(thing_no, {{ hex_number('thing_key') }}) as thing_no,
        coalesce(group_no, case
            when kpi = 'cross_channel_merge_rate' then {{ hex_number('group_key') }}
        end) as group_no,
        observed_on,
        numerator,
        denominator,
        coalesce(who_no, {{ hex_number('who_key') }}) as who_no,
        coalesce(where_no, {{ hex_number('where_key') }}) as where_no,
        weight
    from {{ source('lake', 'published_things') }}
)

select * from final
