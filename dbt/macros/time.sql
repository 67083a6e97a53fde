{#- The data cut-off of the run; nothing after it is used. Set by `--vars '{as_of: …}'`. -#}
{% macro as_of() -%}
    {%- if execute and not var('as_of', none) -%}
        {{ exceptions.raise_compiler_error("as_of is not set: pass --vars '{as_of: \"YYYY-MM-DD HH:MM:SS\"}'") }}
    {%- endif -%}
    cast('{{ var("as_of", "") }}' as timestamp)
{%- endmacro %}

{#- A time that had not come at the cut-off is not known yet. -#}
{% macro known_at_cut_off(at) -%}
    case when {{ at }} <= {{ as_of() }} then {{ at }} end
{%- endmacro %}
