{#-
    What stewards corrected, laid over the newest rows of master data (docs/stewardship.md). A correction counts
    while the source still says the old value: once it says the new one it is retired, once it says a third
    it is overtaken. Both follow from the newest row alone, so that partial builds and one whole build agree.
-#}

{#-
    The newest rows of an entity with what was corrected in place of what the source says, and
    `corrected_fields`: their names, by comma; null where nothing was.
    Input: the entity; a query of its newest rows, with the columns of `newest_by_column`.
-#}
{% macro corrected(entity, newest) -%}
{%- set said = luyue.correctable(entity) -%}
with newest as (
    {{ newest }}
),

corrections as (
    select
        record_key,
        field,
        old_value,
        new_value
    from {{ ref('stg_corrections') }}
    where
        entity = '{{ entity }}'
        and is_in_force
),

matched as (
    select
        corrections.record_key,
        corrections.field,
        corrections.new_value
    from newest
    inner join corrections
        on {{ luyue.record_key(entity, 'newest') }} = corrections.record_key
    where
        case corrections.field
            {%- for field, type in said['fields'].items() %}
            when '{{ field }}' then (newest.{{ field }} is not distinct from try_cast(corrections.old_value as {{ type }}))
            {%- endfor %}
        end
),

told as (
    select
        record_key,
        {{ sorted_values('field') }} as corrected_fields,
        {%- for field in said['fields'] %}
        max(case when field = '{{ field }}' then 1 end) as is_{{ field }},
        max(case when field = '{{ field }}' then new_value end) as {{ field }}{{ ',' if not loop.last }}
        {%- endfor %}
    from matched
    group by record_key
)

select
    {%- for column in said['key'] + ([said['since']] if said['since'] else []) %}
    newest.{{ column }},
    {%- endfor %}
    {%- for column in said.get('other', []) %}
    newest.{{ column }},
    {%- endfor %}
    {%- for field, type in said['fields'].items() %}
    case when told.is_{{ field }} = 1 then try_cast(told.{{ field }} as {{ type }}) else newest.{{ field }} end as {{ field }},
    {%- endfor %}
    newest.extras,
    newest.source,
    newest.batch_id,
    newest.first_exported_at,
    newest.last_exported_at,
    told.corrected_fields
from newest
left join told
    on {{ luyue.record_key(entity, 'newest') }} = told.record_key
{%- endmacro %}

{#- The present values that corrections of an entity speak of, from its corrected rows. -#}
{% macro corrected_values(entity, relation) -%}
{%- set said = luyue.correctable(entity) -%}
select
    corrections.correction_id,
    case corrections.field
        {%- for field in said['fields'] %}
        when '{{ field }}' then cast(standing.{{ field }} as {{ dbt.type_string() }})
        {%- endfor %}
    end as present_value,
    case corrections.field
        {%- for field, type in said['fields'].items() %}
        when '{{ field }}' then (standing.{{ field }} is not distinct from try_cast(corrections.new_value as {{ type }}))
        {%- endfor %}
    end as is_new_value,
    coalesce(',' || standing.corrected_fields || ',' like '%,' || corrections.field || ',%', false) as is_applied
from {{ ref('stg_corrections') }} as corrections
inner join {{ relation }} as standing
    on corrections.record_key = {{ luyue.record_key(entity, 'standing') }}
where corrections.entity = '{{ entity }}'
{%- endmacro %}

{#- Which names of resources are corrected, as one text: till receipts are kept under what names stand for. -#}
{% macro corrected_names() -%}
    {{ return(run_query("
        select md5(string_agg(concat_ws('|', record_key, old_value, new_value), ',' order by record_key, old_value, new_value))
        from (select record_key, old_value, new_value from lake.corrections where entity = 'resource'
            and field = 'name' and status = 'approved' and valid_from <= " ~ as_of() ~ ")
    ").rows[0][0]) }}
{%- endmacro %}
