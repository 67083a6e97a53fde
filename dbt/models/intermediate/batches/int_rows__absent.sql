-- Grain: one row per business key (feed, key_1, key_2, key_3, key_4) that an export which should show it
-- does not: some export showed it, none has since, and a later file of a source that is declared whole
-- (of everything, or of a window in which the row lies) has rows of the same scope, the same shop or
-- warehouse, and not this one. A file without rows of a scope says nothing of it.
{% set key = 'key_1, key_2, key_3, key_4' %}
with shown as (
    select * from {{ ref('int_rows__shown') }}
),

whole_files as (
    select * from {{ ref('int_batches__ranked') }}
    where is_whole
),

last_shown as (
    select
        feed,
        {{ key }},
        max(batch_rank) as last_rank,
        max(exported_at) as last_exported_at
    from shown
    group by
        feed,
        {{ key }}
),

of_whole_sources as (
    select
        feed,
        source,
        {{ key }},
        scope,
        max(window_at) as window_at
    from shown
    where source in (select whole_files.source from whole_files)
    group by
        feed,
        source,
        {{ key }},
        scope
),

scopes_of_files as (
    select distinct
        shown.feed,
        shown.source,
        shown.scope,
        shown.batch_rank,
        shown.exported_at,
        whole_files.window_from,
        whole_files.window_to
    from shown
    inner join whole_files
        on shown.batch_rank = whole_files.batch_rank
),

final as (
    select
        rows_of_sources.feed,
        rows_of_sources.key_1,
        rows_of_sources.key_2,
        rows_of_sources.key_3,
        rows_of_sources.key_4,
        min(rows_of_sources.source) as source,
        min(last_shown.last_exported_at) as last_exported_at,
        min(scopes_of_files.exported_at) as is_absent_since
    from of_whole_sources as rows_of_sources
    inner join last_shown
        on
            rows_of_sources.feed = last_shown.feed
            {% for place in range(4) %}
                and rows_of_sources.key_{{ place + 1 }}
                is not distinct from last_shown.key_{{ place + 1 }}
            {% endfor %}
    inner join scopes_of_files
        on
            rows_of_sources.feed = scopes_of_files.feed
            and rows_of_sources.source = scopes_of_files.source
            and rows_of_sources.scope = scopes_of_files.scope
            and last_shown.last_rank < scopes_of_files.batch_rank
            and (
                scopes_of_files.window_from is null
                or rows_of_sources.window_at between scopes_of_files.window_from
                and scopes_of_files.window_to
            )
    group by
        rows_of_sources.feed,
        rows_of_sources.key_1,
        rows_of_sources.key_2,
        rows_of_sources.key_3,
        rows_of_sources.key_4
)

select * from final
