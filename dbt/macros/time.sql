{#-
    The data cut-off of the run; nothing after it is used. Input: LUYUE_AS_OF, "YYYY-MM-DD HH:MM:SS".
    Asked for only when a model is compiled to run: dbt then need not parse the project again for each
    new cut-off, as it does when a --vars value changes (12 s of one core).
-#}
{% macro as_of() -%}
    {%- set cut_off = env_var('LUYUE_AS_OF', '') if execute else '' -%}
    {%- if not cut_off and execute and flags.WHICH in ('build', 'run', 'test') -%}
        {{ exceptions.raise_compiler_error('LUYUE_AS_OF is not set: YYYY-MM-DD HH:MM:SS') }}
    {%- endif -%}
    cast('{{ cut_off }}' as timestamp)
{%- endmacro %}

{#- A time that had not come at the cut-off is not known yet. -#}
{% macro known_at_cut_off(at) -%}
    case when {{ at }} <= {{ as_of() }} then {{ at }} end
{%- endmacro %}
