{#- What `luyue run` leaves out while the code is the same (docs/decisions/0017). -#}

{#- Ids of what lasts while the code is the same: seeds, and views whose text says nothing of a run. -#}
{% macro lasting_ids() -%}
    {%- set ids = [] -%}
    {%- for node in graph.nodes.values() if node.resource_type == 'seed' or 'lasting' in node.tags -%}
        {%- do ids.append(node.unique_id) -%}
    {%- endfor -%}
    {{ return(ids) }}
{%- endmacro %}

{#-
    After a build: notes the code of which all that lasts stands, if it was built and every test that asks of
    nothing else passed; `luyue run` then leaves it out until the code, or the rows added to seeds, change.
-#}
{% macro note_lasting(results) -%}
    {%- if execute and luyue.has_increments() -%}
        {%- set lasting = luyue.lasting_ids() -%}
        {%- set passed = results | selectattr('status', 'in', ['success', 'pass'])
            | map(attribute='node.unique_id') | list -%}
        {%- set missing = lasting | reject('in', passed) | list -%}
        {%- for node in graph.nodes.values() if node.resource_type == 'test' and node.unique_id not in passed
            and not (node.depends_on.nodes | reject('in', lasting) | list) -%}
            {%- do missing.append(node.unique_id) -%}
        {%- endfor -%}
        {%- if not missing -%}
            {%- do run_query("create or replace table increments.lasting as select '"
                ~ env_var('LUYUE_CODE', '') ~ "' as code") -%}
        {%- endif -%}
    {%- endif -%}
{%- endmacro %}
