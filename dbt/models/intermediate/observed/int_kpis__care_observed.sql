-- Grain: one row per counted thing of the KPIs on what people did about orders: returns intercepted, refunds
-- answered, customers who pressed after a broken promise, orders split, warehouses chosen. is_success is null
-- where a case has no deadline, an interception is undecided after a day, or parcels are not seen. A case closed
-- unanswered before its time was up is not counted.
{{ config(materialized='view', tags=['lasting']) }}

with interceptions as (
    select
        'return_interception_rate' as kpi,
        channel,
        channel_order_id,
        cast(requested_at as date) as observed_on,
        case when decided_at is not null then is_success end as is_success,
        decided_at is not null as is_input_complete
    from {{ ref('int_change_requests__judged') }}
    where
        request_type = 'intercept_return'
        and (decided_at is not null or {{ add_hours('requested_at', 24) }} <= {{ as_of() }})
),

expedites as (
    select
        'broken_promise_expedite_rate' as kpi,
        channel,
        channel_order_id,
        cast(promise_due_at as date) as observed_on,
        expedite_count > 0 as is_success,
        true as is_input_complete
    from {{ ref('int_promises__silence') }}
),

cases as (
    select
        channel,
        channel_order_id,
        requested_at,
        deadline_at,
        {{ known_at_cut_off('agreed_at') }} as agreed_at,
        {{ known_at_cut_off('closed_at') }} as closed_at,
        {{ add_hours('requested_at', 4) }} as answer_due_at
    from {{ ref('int_aftersales__deduplicated') }}
    where requested_at <= {{ as_of() }}
),

answers as (
    select
        'refund_response_4h_rate' as kpi,
        channel,
        channel_order_id,
        cast(requested_at as date) as observed_on,
        coalesce(agreed_at <= answer_due_at, false) as is_success,
        true as is_input_complete
    from cases
    where
        agreed_at is not null
        or (answer_due_at <= {{ as_of() }} and coalesce(closed_at >= answer_due_at, true))
),

deadlines as (
    select
        'refund_before_deadline_rate' as kpi,
        channel,
        channel_order_id,
        cast(requested_at as date) as observed_on,
        case when deadline_at is not null then coalesce(agreed_at <= deadline_at, false) end
            as is_success,
        deadline_at is not null as is_input_complete
    from cases
    where
        agreed_at is not null
        or deadline_at is null
        or (deadline_at <= {{ as_of() }} and coalesce(closed_at >= deadline_at, true))
),

splits as (
    select
        'split_as_needed_rate' as kpi,
        channel,
        channel_order_id,
        cast(paid_at as date) as observed_on,
        case
            when split_status in ('as_needed', 'too_many') then true
            when split_status in ('together', 'too_few') then false
        end as is_success,
        split_status not in ('open', 'unseen') and unknown_line_count = 0 as is_input_complete
    from {{ ref('int_splits__counted') }}
    where
        needed_parcel_count > 1
        and split_status <> 'over'
),

routings as (
    select
        'routing_accuracy' as kpi,
        channel,
        channel_order_id,
        cast(decided_at as date) as observed_on,
        assigned_warehouse = correct_warehouse as is_success,
        assigned_warehouse is not null as is_input_complete
    from {{ ref('int_routing_decisions__judged') }}
    where correct_warehouse is not null
),

final as (
    select * from interceptions
    union all
    select * from expedites
    union all
    select * from answers
    union all
    select * from deadlines
    union all
    select * from splits
    union all
    select * from routings
)

select * from final
