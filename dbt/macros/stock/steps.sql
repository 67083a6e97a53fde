{#-
    Steps of the stock ledger: models that must take each change exactly once (docs/decisions/0009). A step
    remembers, in the transaction that builds it, the last run whose rows it has taken; rows carry the number
    of the run that wrote them. Tables of the schema `increments`: `stock_steps` (what each step has taken),
    `stock_batches` (the batches that the stores of exported rows hold), `stock_totals` (what each run added to
    the ledger, against which it is proved). A run that dies between two steps leaves the later ones behind; the next run takes what they lack.
    All of it is asked for once, when a run begins, and kept in dbt's graph, which all nodes of a build share:
    `stock.run_no` (of this run), `stock.steps` (by name: what it has taken, and what of it is new or gone),
    `stock.doing` (what each step of this run has decided).
-#}
{% macro open_stock_steps() -%}
    {%- if execute and luyue.has_increments() -%}
        {%- do run_query("
            create schema if not exists increments;
            create table if not exists increments.stock_steps (
                step varchar, run_no bigint, whole_no bigint, as_of timestamp, basis varchar);
            alter table increments.stock_steps add column if not exists code varchar;
            create table if not exists increments.stock_batches (
                step varchar, batch_id varchar, exported_at timestamp, arrival_seq bigint);
            create table if not exists increments.stock_totals (
                run_no bigint, entry_count bigint, quantity decimal(38, 3))") -%}
        {%- set steps = {} -%}
        {%- for step in run_query("
            select step, run_no, whole_no, cast(as_of as varchar), basis, code, as_of <= " ~ as_of() ~ "
            from increments.stock_steps").rows -%}
            {%- do steps.update({step[0]: {'run_no': step[1], 'whole_no': step[2], 'as_of': step[3],
                'basis': step[4], 'code': step[5], 'is_ahead': step[6]}}) -%}
        {%- endfor -%}
        {%- set run_no = 1 + (steps.values() | map(attribute='run_no') | max if steps else 0) -%}
        {%- do graph.update({'stock': {'run_no': run_no, 'steps': steps, 'doing': {}}}) -%}
    {%- endif -%}
{%- endmacro %}

{#-
    What this step does in this run. Arguments: its name, the steps whose rows it takes, and what else its
    rows rest on, as text. Output: is_whole (everything anew: built for the first time or asked to be, other
    code, another basis, an earlier cut-off, or an earlier step was built anew), run_no (of this run),
    after_no (the last run taken), after (its cut-off, as SQL), batches (of its feed that it has not taken; none
    where it is whole). A store of exported rows says its `feed`: where a batch that it holds is gone or another,
    it is built anew.
-#}
{% macro stock_step(step, takes=[], basis='', feed=none) -%}
    {%- if not luyue.steps_are_open() -%}
        {{ return({'is_whole': true, 'run_no': 0, 'after_no': 0, 'after': 'null', 'batches': none}) }}
    {%- endif -%}
    {%- set stock = graph['stock'] -%}
    {%- set basis = local_md5(model.raw_code ~ env_var('LUYUE_CODE', '') ~ basis) -%}
    {%- set last = stock.steps.get(step) -%}
    {%- set before = load_cached_relation(this) -%}
    {%- set anew = [] -%}
    {%- for earlier in takes if last -%}
        {%- set was = stock.steps.get(earlier) -%}
        {%- if stock.doing.get(earlier, {}).get('is_whole') or (was and was.whole_no > last.run_no) -%}
            {%- do anew.append(earlier) -%}
        {%- endif -%}
    {%- endfor -%}
    {%- set stands = last and before is not none and not before.is_view and not flags.FULL_REFRESH
        and last.code == env_var('LUYUE_CODE', '') and last.basis == basis and last.is_ahead and not anew -%}
    {%- set batches = luyue.new_batches(step, feed) if stands and feed else [] -%}
    {%- set doing = {
        'is_whole': not stands or batches is none,
        'run_no': stock.run_no,
        'after_no': last.run_no if stands else 0,
        'after': "cast('" ~ last.as_of ~ "' as timestamp)" if stands else 'null',
        'basis': basis,
        'batches': batches,
    } -%}
    {%- if doing.is_whole -%}{%- do doing.update({'after_no': 0, 'after': 'null', 'batches': none}) -%}{%- endif -%}
    {%- do doing.update({'whole_no': stock.run_no if doing.is_whole else last.whole_no}) -%}
    {%- do stock.doing.update({step: doing}) -%}
    {{ return(doing) }}
{%- endmacro %}

{#- Whether the node at hand is built as a step: else (unit tests, compilation, other engines) it is of everything. -#}
{% macro steps_are_open() -%}
    {{ return(execute and flags.WHICH in ('build', 'run') and model.resource_type == 'model' and 'stock' in graph) }}
{%- endmacro %}

{#- What texts name which warehouse, as one text: rows of stores rest on it. -#}
{% macro warehouse_names_said(relation) -%}
    {%- if not luyue.steps_are_open() -%}{{ return('') }}{%- endif -%}
    {{ return(run_query("
        select coalesce(md5(string_agg(warehouse_text || '=' || warehouse_code, ',' order by warehouse_text)), '')
        from " ~ relation).rows[0][0]) }}
{%- endmacro %}

{#- Statements in the transaction of a step: it has taken what there was. -#}
{% macro stock_step_taken(step, feed) -%}
    {%- set doing = graph['stock'].doing[step] -%}
    delete from increments.stock_steps where step = '{{ step }}';
    insert into increments.stock_steps (step, run_no, whole_no, as_of, basis, code) values (
        '{{ step }}', {{ doing.run_no }}, {{ doing.whole_no }}, {{ as_of() }}, '{{ doing.basis }}',
        '{{ env_var('LUYUE_CODE', '') }}');
    {%- if feed and doing.is_whole %}
    delete from increments.stock_batches where step = '{{ step }}';
    {%- endif %}
    {%- if feed and (doing.is_whole or doing.batches) %}
    insert into increments.stock_batches
        select '{{ step }}', batch_id, exported_at, arrival_seq from lake.batches
        where feed = '{{ feed }}' and state = 'accepted' and exported_at <= {{ as_of() }}
            and {{ luyue.in_new_batches('batch_id', doing) }};
    {%- endif %}
{%- endmacro %}
