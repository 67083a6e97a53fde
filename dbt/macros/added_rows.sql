{#-
    Rows that a merchant adds to a seed: CSV files of the seed's name in the folder `seeds` of a
    directory of contracts (`luyue run --channels DIR`: DIR/seeds/order_transitions.csv). They are
    appended as they stand, by the names of their columns; the seed's tests judge them with the rest.
    Rules with an approved change: a file of the seed's name in the folder LUYUE_RULES holds all of its rows,
    the added ones among them, and takes the seed's place.
    Input: LUYUE_SEED_ROWS, folders with `:` between them; empty where there are none. A hook of seeds.
-#}
{% macro added_rows() -%}
    {%- set folders = env_var('LUYUE_SEED_ROWS', '') if execute else '' -%}
    {%- set rules = env_var('LUYUE_RULES', '') if execute else '' -%}
    {%- set in_force = rules ~ '/' ~ this.identifier ~ '.csv' -%}
    {%- if rules and csv_exists(in_force) -%}
        {{ return('delete from ' ~ this ~ '; ' ~ append_csv(this, in_force)) }}
    {%- endif -%}
    {%- set statements = [] -%}
    {%- for folder in folders.split(':') if folder -%}
        {%- set file = folder ~ '/' ~ this.identifier ~ '.csv' -%}
        {%- do statements.append(append_csv(this, file)) if csv_exists(file) -%}
    {%- endfor -%}
    {{ return(statements | join('; ')) }}
{%- endmacro %}

{#- Whether there is a file. Input: its path. -#}
{% macro csv_exists(file) -%}
    {{ return(adapter.dispatch('csv_exists', 'luyue')(file)) }}
{%- endmacro %}
{% macro default__csv_exists(file) -%}
    {%- set found = run_query("select 1 from glob('" ~ (file | replace("'", "''")) ~ "') limit 1") -%}
    {{ return(found.rows | length > 0) }}
{%- endmacro %}

{#- The statement that appends a CSV file with a header to a table, cells cast to the table's types. -#}
{% macro append_csv(relation, file) -%}
    {{ return(adapter.dispatch('append_csv', 'luyue')(relation, file)) }}
{%- endmacro %}
{% macro default__append_csv(relation, file) -%}
    insert into {{ relation }} by name
    select * from read_csv('{{ file | replace("'", "''") }}', header = true, all_varchar = true,
        delim = ',', quote = '"', escape = '"')
{%- endmacro %}
