{#-
    Attaches the warehouse that a trial of rules reads (docs/decisions/0015) before anything else of a build: the
    scratch one holds a view for each of its relations. Input: LUYUE_PRESENT, its path; empty in every run.
-#}
{% macro attach_present() -%}
    {%- set present = env_var('LUYUE_PRESENT', '') if execute else '' -%}
    {%- if present and target.type == 'duckdb' -%}
        {%- do run_query("attach if not exists '" ~ (present | replace("'", "''")) ~ "' as present (read_only)") -%}
    {%- endif -%}
{%- endmacro %}
