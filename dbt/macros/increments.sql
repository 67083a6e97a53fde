{#-
    What is new in this run, and when it counts as done (docs/decisions/0008). At the start of a build the
    accepted batches up to the cut-off are compared with those that the last settled build had; at its end,
    if every model that is kept was built, it is settled. Until then the same news is new again, and what the
    models do with it may be done twice: a killed build loses and doubles nothing.
    Tables of the schema `increments`: `batches` (as they stand now), `news` (those not settled yet),
    `this_run`, `settled`, `settled_batches`, `settled_<model>` (see compared), `unsettled` (orders touched since).
-#}
{% macro begin_increment() -%}
    {%- if execute and luyue.has_increments() -%}
        {%- do run_query(luyue.increment_tables()) -%}
        {%- set why = luyue.why_whole() -%}
        {%- if not why -%}{%- do luyue.refuse_half_a_chain(selected_resources) -%}{%- endif -%}
        {%- do run_query("create or replace table increments.news as select * from increments.batches anti join "
            ~ "increments.settled_batches using (batch_id)") -%}
        {%- do run_query("create or replace table increments.this_run as select " ~ as_of() ~ " as as_of, "
            ~ "(select max(as_of) from increments.settled) as settled_as_of, " ~ (why | length == 0)
            ~ " as is_increment, '" ~ why ~ "' as why_whole") -%}
        {%- if why -%}{%- do run_query("delete from increments.settled") -%}{%- endif -%}
        {%- do graph.update({'is_increment': why | length == 0}) -%}
        {%- if selected_resources | select('in', luyue.lasting_ids()) | list -%}
            {%- do run_query("drop table if exists increments.lasting") -%}
        {%- endif -%}
    {%- endif -%}
{%- endmacro %}

{% macro has_increments() -%}
    {{ return(target.type == 'duckdb' and flags.WHICH in ('build', 'run') and env_var('LUYUE_LAKE', '') != '') }}
{%- endmacro %}

{% macro increment_tables() -%}
    create schema if not exists increments;
    create schema if not exists touched;
    create table if not exists increments.settled (as_of timestamp, basis varchar);
    create or replace table increments.batches as
        select batch_id, feed, lake_size, lake_mtime_ns from lake.batches
        where state = 'accepted' and exported_at <= {{ as_of() }};
    create table if not exists increments.settled_batches as from increments.batches limit 0;
    create table if not exists increments.unsettled (channel varchar, channel_order_id varchar);
{%- endmacro %}

{#-
    A kept model that is built without the slices that it reads would take rows of other orders than it gives
    up. Raises an error that names both; a chain that ends early is as good as one that was killed.
-#}
{% macro refuse_half_a_chain(selected) -%}
    {%- set chain = {} -%}
    {%- for node in graph.nodes.values() if node.resource_type == 'model' and (
        'slice' in node.tags or node.config.incremental_strategy in ('touched', 'new_batches')
        or node.name in ('int_orders__touched', 'int_waybills__touched', 'int_orders__retold')
    ) -%}
        {%- do chain.update({node.unique_id: node}) -%}
    {%- endfor -%}
    {%- for node in chain.values() if node.unique_id in selected -%}
        {%- for id in node.depends_on.nodes if id in chain and id not in selected -%}
            {{ exceptions.raise_compiler_error(node.name ~ ' is built of touched orders: select '
                ~ chain[id].name ~ ' with it, or all that it reads (+' ~ node.name ~ ')') }}
        {%- endfor -%}
    {%- endfor -%}
{%- endmacro %}

{#- Why everything has to be built anew, in a few words; empty where an increment will do. -#}
{% macro why_whole() -%}
    {%- if flags.FULL_REFRESH -%}{{ return('full refresh asked for') }}{%- endif -%}
    {%- set settled = run_query("select as_of <= " ~ as_of() ~ ", basis from increments.settled").rows -%}
    {%- if not settled | length -%}{{ return('no build before') }}{%- endif -%}
    {%- if not settled[0][0] -%}{{ return('an earlier cut-off') }}{%- endif -%}
    {%- if settled[0][1] != luyue.increment_basis() -%}
        {{ return('rules, or the names of stores, changed') }}
    {%- endif -%}
    {%- set gone = run_query("select 1 from increments.settled_batches anti join increments.batches "
        ~ "using (batch_id, feed) union all select 1 from increments.settled_batches as was "
        ~ "inner join increments.batches as now using (batch_id) "
        ~ "where (was.lake_size, was.lake_mtime_ns) is distinct from (now.lake_size, now.lake_mtime_ns) limit 1") -%}
    {{ return('files taken before were taken anew or rewritten' if gone.rows | length else '') }}
{%- endmacro %}

{#-
    What every stored row rests on besides batches: the code and the seeds, how the names of stores that
    till receipts wrote resolve (all that exports said, in time, of a resource that ever had such a name), and
    which names of resources stewards corrected.
-#}
{% macro increment_basis() -%}
    {%- set receipts = load_relation(adapter.Relation.create(
        database=target.database, schema='intermediate', identifier='int_orders__exported')) -%}
    {%- set names = '' -%}
    {%- if receipts -%}
        {%- set names = run_query("
            with named as (
                select resource_code, valid_from, name, exported_at, batch_id, source_line,
                    lag(name) over history is distinct from name as is_new
                from lake.resources semi join increments.batches using (batch_id)
                window history as (partition by resource_code, valid_from
                    order by exported_at, batch_id, source_line)
            )
            select md5(string_agg(concat_ws('|', resource_code, valid_from, name), ','
                order by exported_at, batch_id, source_line)) from named
            where is_new and resource_code in (select resource_code from named where name in (
                select store_name from " ~ receipts ~ " where channel = 'pos'))").rows[0][0] -%}
    {%- endif -%}
    {{ return(env_var('LUYUE_CODE', '') ~ ' ' ~ names ~ ' ' ~ luyue.corrected_names()) }}
{%- endmacro %}

{#- After a build: settled, if each model of touched orders and of news is among the results and was built. -#}
{% macro settle_increment(results) -%}
    {%- if execute and luyue.has_increments() -%}
        {%- set built = results | selectattr('status', 'equalto', 'success') | map(attribute='node.unique_id') | list -%}
        {%- set due = graph.nodes.values()
            | selectattr('config.incremental_strategy', 'in', ['touched', 'new_batches']) | map(attribute='unique_id') | reject('in', built) | list -%}
        {%- if not due -%}
            {%- do run_query("
                begin;
                delete from increments.settled;
                delete from increments.unsettled;
                insert into increments.settled values (" ~ as_of() ~ ", '" ~ luyue.increment_basis() ~ "');
                create or replace table increments.settled_batches as from increments.batches;" ~ luyue.compared_tables() ~ "
                commit") -%}
        {%- endif -%}
    {%- endif -%}
{%- endmacro %}
