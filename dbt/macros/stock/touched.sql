{#-
    The exported lines that a run looks at where not all is built anew: all exports of every document that a new
    export shows, that occurred between the last cut-off and this one, or whose first export has got another
    before it. Earlier exports of a document are sought only where its number lies between the least and the
    greatest of its kind that an export shows.
-#}
{% macro touched_movement_lines(step) -%}
    {%- set keyed = ref('int_stock_movements__keyed') -%}
    {%- set exports = ref('int_stock_movements__exports') -%}
    with fresh as (
        select * from {{ keyed }}
        where run_no > {{ step.after_no }}
    ),

    followed as (
        select
            source,
            warehouse_code,
            run_no,
            lead(exported_at) over (
                partition by source, warehouse_code
                order by exported_at asc nulls last
            ) as exported_at
        from (
            select source, warehouse_code, exported_at, min(run_no) as run_no
            from {{ exports }}
            group by source, warehouse_code, exported_at
        ) as each_export
    ),

    touched as (
        select movement_id from fresh
        union
        select movement_id from {{ keyed }}
        where run_no <= {{ step.after_no }} and occurred_at > {{ step.after }} and occurred_at <= {{ as_of() }}
        union
        select shown.movement_id
        from {{ keyed }} as shown
        inner join followed
            on
                shown.exported_at = followed.exported_at
                and shown.source = followed.source
                and shown.warehouse_code = followed.warehouse_code
        where followed.run_no > {{ step.after_no }} and shown.run_no <= {{ step.after_no }}
    ),

    kinds as (
        select id_start, id_length, max(greatest_id) as greatest_id
        from {{ exports }}
        where run_no <= {{ step.after_no }}
        group by id_start, id_length
    ),

    perhaps_known as (
        select touched.movement_id, kinds.id_start, kinds.id_length
        from touched
        inner join kinds
            on
                left(touched.movement_id, 2) = kinds.id_start
                and length(touched.movement_id) = kinds.id_length
                and touched.movement_id <= kinds.greatest_id
    ),

    -- An export may have shown one of them where the greatest number up to its last is not below its first.
    on_one_line as (
        select id_start, id_length, movement_id as id, null as least_id, null as exported_at
        from perhaps_known
        union all
        select id_start, id_length, max(greatest_id) as id, min(least_id) as least_id, exported_at
        from {{ exports }}
        where run_no <= {{ step.after_no }}
        group by id_start, id_length, exported_at
    ),

    reached as (
        select
            exported_at,
            least_id,
            max(case when exported_at is null then id end) over (
                partition by id_start, id_length
                order by id asc nulls last
                range between unbounded preceding and current row
            ) as greatest_known_id
        from on_one_line
    ),

    places as (
        select distinct exported_at from reached
        where exported_at is not null and greatest_known_id >= least_id
    )

    select * from fresh
    union all
    select * from {{ keyed }}
    where
        run_no <= {{ step.after_no }}
        and exported_at in (select exported_at from places)
        and movement_id in (select movement_id from perhaps_known)
{%- endmacro %}
