{#-
    Steps of the stock ledger: incremental models that must take each change exactly once (docs/decisions/0009). A
    step remembers, in the transaction that builds it, the last run whose rows it has taken; rows carry the
    number of the run that wrote them. Tables of the schema `increments`: `stock_run` (the number of this
    run), `stock_doing` (what each step of it decided), `stock_steps` (what each step has taken),
    `stock_batches` (the batches that the stores of exported rows hold), `stock_totals` (what each run added to
    the ledger, against which it is proved). A run that dies between two steps
    leaves the later ones behind; the next run takes what they lack.
-#}
{% macro open_stock_steps() -%}
    {%- if execute and flags.WHICH in ('build', 'run') -%}
        {%- for statement in [
            'create schema if not exists increments',
            'create table if not exists increments.stock_steps (
                step varchar, run_no bigint, whole_no bigint, as_of timestamp, basis varchar)',
            'alter table increments.stock_steps add column if not exists code varchar',
            'create table if not exists increments.stock_batches (
                step varchar, batch_id varchar, exported_at timestamp, arrival_seq bigint)',
            'create table if not exists increments.stock_totals (
                run_no bigint, entry_count bigint, quantity decimal(38, 3))',
            'create or replace table increments.stock_run as
                select 1 + coalesce(max(run_no), 0) as run_no from increments.stock_steps',
            'create or replace table increments.stock_doing (step varchar, is_whole boolean, basis varchar)',
        ] -%}
            {%- do run_query(statement) -%}
        {%- endfor -%}
    {%- endif -%}
{%- endmacro %}

{#-
    What this step does in this run. Arguments: its name, the steps whose rows it takes, and what else its
    rows rest on, as text. Output: is_whole (everything anew: built for the first time or asked to be, other
    code, another basis, an earlier cut-off, or an earlier step was built anew), run_no (of this run),
    after_no (the last run taken), after (its cut-off, as SQL). A store of exported rows says its `feed`:
    where a batch that it holds is gone or another, it is built anew.
-#}
{% macro stock_step(step, takes=[], basis='', feed=none) -%}
    {%- set whole = {'is_whole': true, 'run_no': 0, 'after_no': 0, 'after': 'null'} -%}
    {%- if not execute or flags.WHICH not in ('build', 'run') or model.resource_type != 'model' -%}
        {{ return(whole) }}
    {%- endif -%}
    {%- set basis = local_md5(model.raw_code ~ env_var('LUYUE_CODE', '') ~ basis) -%}
    {%- set found = run_query("
        select
            (select run_no from increments.stock_run),
            last.run_no,
            last.as_of,
            last.basis = '" ~ basis ~ "' and last.as_of <= " ~ as_of() ~ " and not exists (
                select 1 from increments.stock_steps as earlier
                where earlier.step in ('" ~ takes | join("', '") ~ "') and earlier.whole_no > last.run_no
            ) and not exists (" ~ luyue.batches_gone(step, feed) ~ ")
        from (select 1) as one
        left join increments.stock_steps as last on last.step = '" ~ step ~ "'").rows[0] -%}
    {%- set is_whole = not (is_incremental() and found[3]) -%}
    {%- do run_query("insert into increments.stock_doing values ('" ~ step ~ "', " ~ is_whole ~ ", '" ~ basis ~ "')") -%}
    {{ return({
        'is_whole': is_whole,
        'run_no': found[0],
        'after_no': 0 if is_whole else found[1],
        'after': 'null' if is_whole else "cast('" ~ found[2] ~ "' as timestamp)",
    }) }}
{%- endmacro %}

{#- What texts name which warehouse, as one text: rows of stores rest on it. -#}
{% macro warehouse_names_said(relation) -%}
    {%- if not execute or flags.WHICH not in ('build', 'run') or model.resource_type != 'model' -%}{{ return('') }}{%- endif -%}
    {{ return(run_query("
        select coalesce(md5(string_agg(warehouse_text || '=' || warehouse_code, ',' order by warehouse_text)), '')
        from " ~ relation).rows[0][0]) }}
{%- endmacro %}

{% macro batches_gone(step, feed) -%}
    {%- if feed is none -%}{{ return('select 1 where false') }}{%- endif -%}
    select 1 from increments.stock_batches as had
    left join lake.batches as now
        on had.batch_id = now.batch_id and had.exported_at = now.exported_at
        and had.arrival_seq = now.arrival_seq and now.state = 'accepted'
    where had.step = '{{ step }}' and now.batch_id is null
{%- endmacro %}

{#- The condition that keeps the rows of batches that a store does not hold yet; literals, so that other files are not read. -#}
{% macro in_new_batches(column, step, feed, is_whole) -%}
    {%- if is_whole -%}{{ return('true') }}{%- endif -%}
    {%- set found = run_query("
        select batch_id from lake.batches
        where feed = '" ~ feed ~ "' and state = 'accepted' and exported_at <= " ~ as_of() ~ "
            and batch_id not in (select batch_id from increments.stock_batches where step = '" ~ step ~ "')").columns[0] -%}
    {{ return(column ~ " in ('" ~ found | join("', '") ~ "')") }}
{%- endmacro %}

{#- Hook, in the transaction of its model: this step has taken what there was. -#}
{% macro stock_step_taken(step, feed=none) -%}
    {%- if not execute or flags.WHICH not in ('build', 'run') -%}{{ return('select 1') }}{%- endif -%}
    create temp table taken_{{ step }} as
        select doing.step, run.run_no, doing.is_whole, doing.basis,
            case when doing.is_whole then run.run_no else last.whole_no end as whole_no
        from (select distinct * from increments.stock_doing where step = '{{ step }}') as doing
        cross join increments.stock_run as run
        left join increments.stock_steps as last on last.step = doing.step;
    delete from increments.stock_steps where step = '{{ step }}';
    insert into increments.stock_steps
        select step, run_no, whole_no, {{ as_of() }}, basis, '{{ env_var('LUYUE_CODE', '') }}' from taken_{{ step }};
    {% if feed %}
        delete from increments.stock_batches
        where step = '{{ step }}' and (select is_whole from taken_{{ step }});
        insert into increments.stock_batches
            select '{{ step }}', batch_id, exported_at, arrival_seq from lake.batches
            where feed = '{{ feed }}' and state = 'accepted' and exported_at <= {{ as_of() }}
                and batch_id not in (select batch_id from increments.stock_batches where step = '{{ step }}');
    {% endif %}
    drop table taken_{{ step }}
{%- endmacro %}
