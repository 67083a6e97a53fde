-- Grain: one row per (feed, business_key) that its source's whole export no longer shows. The rows stay
-- where they were; here all of them are listed.
with absent as (
    select * from {{ ref('int_rows__absent') }}
),

final as (
    select
        feed,
        concat_ws(
            '/',
            key_1,
            coalesce(key_2, case when coalesce(key_3, key_4) is not null then '' end),
            coalesce(key_3, case when key_4 is not null then '' end),
            key_4
        ) as business_key,
        source,
        last_exported_at,
        is_absent_since
    from absent
)

select * from final
