-- Grain: one row per (channel, channel_order_id, stage), and of the stages of a refund per after-sale case,
-- whose end, or a step after it, is known: hours from the stage's first step to its last, by the day of the
-- last, else of the next step that is known. `hours` is null where one of the two is unknown, or the clocks of
-- two systems put the end before the beginning.
{{ config(materialized='view', tags=['lasting']) }}

{% set steps = [
    'ordered', 'paid', 'released', 'picked', 'outbound', 'shipped', 'picked_up', 'signed',
    'completed',
] %}
with orders as (
    select * from {{ ref('int_cycles__steps') }}
),

cases as (
    select
        channel,
        channel_order_id,
        requested_at,
        {{ known_at_cut_off('agreed_at') }} as agreed_at,
        {{ known_at_cut_off('refunded_at') }} as refunded_at
    from {{ ref('int_aftersales__deduplicated') }}
    where requested_at <= {{ as_of() }}
),

staged as (
    {% for step in steps[1:] %}
        {% set i = loop.index %}
        select
            '{{ steps[i - 1] }}_to_{{ step }}' as stage,
            channel,
            channel_order_id,
            {{ steps[i - 1] }}_at as began_at,
            {{ step }}_at as ended_at,
            coalesce(
                {% for later in steps[i:] %}
                    {{ later }}_at{{ ',' if not loop.last }}
                {% endfor %}
            ) as passed_at
        from orders
        union all
    {% endfor %}
    select
        'ordered_to_completed' as stage,
        channel,
        channel_order_id,
        ordered_at as began_at,
        completed_at as ended_at,
        completed_at as passed_at
    from orders
    union all
    select
        'refund_requested_to_agreed' as stage,
        channel,
        channel_order_id,
        requested_at as began_at,
        agreed_at as ended_at,
        coalesce(agreed_at, refunded_at) as passed_at
    from cases
    union all
    select
        'refund_requested_to_refunded' as stage,
        channel,
        channel_order_id,
        requested_at as began_at,
        refunded_at as ended_at,
        refunded_at as passed_at
    from cases
),

sliced as (
    select * from {{ ref('int_orders__sliced') }}
),

final as (
    select
        staged.stage,
        cast(staged.passed_at as date) as observed_on,
        staged.channel,
        sliced.warehouse,
        sliced.carrier,
        case
            when staged.ended_at >= staged.began_at
                then {{ seconds_between('staged.began_at', 'staged.ended_at') }} / 3600.0
        end as hours
    from staged
    left join sliced
        on
            staged.channel = sliced.channel
            and staged.channel_order_id = sliced.channel_order_id
    where staged.passed_at is not null
)

select * from final
