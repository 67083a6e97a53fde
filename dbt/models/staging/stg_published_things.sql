-- Grain: one row per (kpi, thing_key, observed_on): what the parts of the index counted when a run last published.
with final as (
    select
        run_id,
        as_of,
        arrival_seq,
        rules_key,
        kpi,
        thing_key,
        group_key,
        observed_on,
        numerator,
        denominator,
        who_key,
        where_key,
        weight
    from {{ source('lake', 'published_things') }}
)

select * from final
