{#-
    The data cut-off of the run; nothing after it is used. Input: LUYUE_AS_OF, "YYYY-MM-DD HH:MM:SS".
    Asked for only when a model is compiled to run: dbt then need not parse the project again for each
    new cut-off, as it does when a --vars value changes (12 s of one core). A view that lasts from run to run
    reads it from where register_lake has put it.
-#}
{% macro as_of() -%}
    {%- set cut_off = env_var('LUYUE_AS_OF', '') if execute else '' -%}
    {%- if not cut_off and execute and flags.WHICH in ('build', 'run', 'test') -%}
        {{ exceptions.raise_compiler_error('LUYUE_AS_OF is not set: YYYY-MM-DD HH:MM:SS') }}
    {%- endif -%}
    {%- if luyue.is_lasting_view() -%}
        (select as_of from lake.cut_off)
    {%- else -%}
        cast('{{ cut_off }}' as timestamp)
    {%- endif -%}
{%- endmacro %}

{#- A time that had not come at the cut-off is not known yet. -#}
{% macro known_at_cut_off(at) -%}
    case when {{ at }} <= {{ as_of() }} then {{ at }} end
{%- endmacro %}

{#- Whether the node at hand is a view that `luyue run` leaves out while the code is the same. -#}
{% macro is_lasting_view() -%}
    {{ return(execute and luyue.has_increments() and model.resource_type == 'model' and 'lasting' in model.tags) }}
{%- endmacro %}
