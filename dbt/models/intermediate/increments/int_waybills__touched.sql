-- Grain: one row per waybill_no of which an increment has to look at the tracks again: new exports speak
-- of it, or a node of it has come to pass since the last settled build. Empty in a whole build.
-- depends_on: {{ ref('stg_tracks') }}
{% if not is_increment() %}
    select cast(null as {{ dbt.type_string() }}) as waybill_no
    where false
{% else %}
    select upper(waybill_no) as waybill_no
    from {{ ref('stg_tracks') }}
    where {{ is_news() }}
    union distinct
    select waybill_no
    from {{ standing('int_tracks__known') }}
    where {{ has_come('node_at') }}
{% endif %}
