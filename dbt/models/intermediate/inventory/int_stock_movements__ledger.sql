-- Grain: one row per entry: a movement line that began to count, or (reverses_no, the run_no of the entry
-- undone) ceased to: (warehouse_code, movement_id, line_key, run_no, reverses_no). Rows are only ever added;
-- quantity adds up to the book. Key of a line: as in int_stock_movements__keyed. Late rule: the documents that new
-- exports show, that the passing of time or a new export in between touches, are judged anew from all of
-- their exports, and what differs from what the ledger has of them is reversed and booked.
-- depends_on: {{ ref('int_stock_movements__exports') }}
{{ stock_model('ledger', notes='stock_totals') }}
{% set step = stock_step('ledger', takes=['keyed']) %}
with
{% if step.is_whole %}
    booked as (
        {{ accepted_movements(ref('int_stock_movements__keyed')) }}
    ),

    final as (
        select
            *,
            cast(null as bigint) as reverses_no
        from booked
    )
{% else %}
    lines as (
        {{ touched_movement_lines(step) }}
    ),

    booked as (
        {{ accepted_movements('lines') }}
    ),

    earlier as (
        select entries.*
        from {{ this }} as entries
        where
            entries.exported_at in (
                select lines.exported_at from lines
                where lines.run_no <= {{ step.after_no }}
            )
            and entries.movement_id in (
                select lines.movement_id from lines
                where lines.run_no <= {{ step.after_no }}
            )
    ),

    stood as (
        {{ standing_entries('earlier') }}
    ),

    final as (
        select
            booked.*,
            cast(null as bigint) as reverses_no
        from booked
        left join stood
            on {{ same_movement('booked', 'stood') }}
        where stood.movement_id is null
        union all
        select
            {% for column in booked_columns() %}
                {{ '-' if column == 'quantity' }}stood.{{ column }},
            {% endfor %}
            stood.exported_at,
            stood.run_no as reverses_no
        from stood
        left join booked
            on {{ same_movement('booked', 'stood') }}
        where booked.movement_id is null
    )
{% endif %}

select
    *,
    cast({{ step.run_no }} as bigint) as run_no
from final
