-- Grain: one row per finding_id: what is wrong now and what was published before, with its life: it opens when it
-- is first found, closes when the data no longer show it, opens anew when it comes back. Closed ones are kept for a
-- year, unless their address, phone or person is not known any more (erased, or under a token of another key).
{% set kept_hours = 24 * 365 %}
with found as (
    select * from {{ ref('int_quality__found') }}
),

standing as (
    select * from {{ ref('stg_quality_standing') }}
),

rules as (
    select
        rule_code,
        due_days
    from {{ ref('quality_rules') }}
),

known as (
    select address_token as record_key from {{ ref('int_addresses__current') }}
),

met as (
    select
        coalesce(found.finding_id, standing.finding_id) as finding_id,
        coalesce(found.rule_code, standing.rule_code) as rule_code,
        coalesce(found.entity, standing.entity) as entity,
        coalesce(found.record_key, standing.record_key) as record_key,
        case when found.finding_id is null then standing.field else found.field end as field,
        case when found.finding_id is null then standing.value else found.value end as value,
        case when found.finding_id is null then standing.reason_code else found.reason_code end
            as reason_code,
        case when found.finding_id is null then standing.detail else found.detail end as detail,
        case when found.finding_id is null then standing.suggestion else found.suggestion end
            as suggestion,
        case when found.finding_id is null then standing.adcode else found.adcode end as adcode,
        case when found.finding_id is null then standing.record_owner else found.record_owner end
            as record_owner,
        case when found.finding_id is null then standing.source else found.source end as source,
        found.finding_id is not null as is_found,
        standing.was_state is not null as was_known,
        found.finding_id is not null
        and coalesce(standing.was_state, '') = 'closed' as is_reopened,
        found.finding_id is not null
        and coalesce(standing.was_state, 'closed') = 'closed' as is_opened,
        standing.first_seen_at,
        standing.opened_at,
        standing.last_seen_at,
        standing.due_at,
        standing.responded_at,
        standing.resolved_at,
        coalesce(standing.reopened_count, 0) as reopened_count,
        standing.acted_until,
        standing.said_state,
        standing.said_assignee,
        standing.said_reason,
        standing.said_first_at,
        standing.said_last_at,
        coalesce(standing.is_corrected, false) as is_corrected
    from found
    full outer join standing
        on found.finding_id = standing.finding_id
    where found.finding_id is not null or standing.was_state is not null
),

final as (
    select
        met.finding_id,
        met.rule_code,
        met.entity,
        met.record_key,
        met.field,
        met.value,
        met.reason_code,
        met.detail,
        met.suggestion,
        met.adcode,
        met.record_owner,
        met.source,
        met.said_assignee,
        met.said_reason,
        case
            when not met.is_found and met.is_corrected then 'corrected'
            when not met.is_found then 'closed'
            else coalesce(met.said_state, 'open')
        end as state,
        coalesce(met.first_seen_at, {{ as_of() }}) as first_seen_at,
        case when met.is_opened then {{ as_of() }} else met.opened_at end as opened_at,
        case when met.is_found then {{ as_of() }} else met.last_seen_at end as last_seen_at,
        case
            when met.is_opened then {{ add_hours(as_of(), '24 * rules.due_days') }} else met.due_at
        end as due_at,
        coalesce(met.said_first_at, case when not met.is_opened then met.responded_at end)
            as responded_at,
        case when not met.is_found then coalesce(met.resolved_at, {{ as_of() }}) end
            as resolved_at,
        met.reopened_count + case when met.is_reopened then 1 else 0 end as reopened_count,
        case
            when met.is_found then met.acted_until else coalesce(met.said_last_at, met.acted_until)
        end as acted_until
    from met
    inner join rules
        on met.rule_code = rules.rule_code
    left join known
        on met.record_key = known.record_key
    where
        met.is_found
        or (
            coalesce(met.resolved_at > {{ add_hours(as_of(), -kept_hours) }}, true)
            and met.entity <> 'customer'
            and (
                met.entity <> 'address'
                or length(met.record_key) = 6
                or known.record_key is not null
            )
        )
)

select * from final
