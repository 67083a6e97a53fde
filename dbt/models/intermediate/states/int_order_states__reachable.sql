-- Grain: one row per way from one state to another: (channel, from_status, to_status, valid_from,
-- valid_to). An export shows some states of an order and skips others: a later state is allowed where
-- steps of the seed lead to it, all of them valid at one time. Only steps forward are put together; a
-- step back is allowed where the seed names that very step. `*` is every channel that the seed does
-- not name; what is allowed to all is allowed to a named one.
{% set doublings = 4 %}{# 2^4 steps are more than there are states in a row #}
{% set columns = 'channel, from_status, to_status, valid_from, valid_to' %}
with named_steps as (
    select * from {{ ref('order_transitions') }}
),

states as (
    select
        status,
        progress_rank
    from {{ ref('order_states') }}
),

scopes as (
    select distinct channel from named_steps
),

steps as (
    select distinct
        scopes.channel,
        named_steps.from_status,
        named_steps.to_status,
        named_steps.valid_from,
        named_steps.valid_to,
        states_after.progress_rank > states_before.progress_rank as is_forward
    from scopes
    inner join named_steps
        on named_steps.channel in ('*', scopes.channel)
    inner join states as states_before
        on named_steps.from_status = states_before.status
    inner join states as states_after
        on named_steps.to_status = states_after.status
),

ways_0 as (
    select {{ columns }} from steps
    where is_forward
),

{% for n in range(1, doublings + 1) %}
    ways_{{ n }} as (
        select {{ columns }} from ways_{{ n - 1 }}
        union distinct
        select
            one.channel,
            one.from_status,
            two.to_status,
            greatest(one.valid_from, two.valid_from) as valid_from,
            least(one.valid_to, two.valid_to) as valid_to
        from ways_{{ n - 1 }} as one
        inner join ways_{{ n - 1 }} as two
            on
                one.channel = two.channel
                and one.to_status = two.from_status
                and one.valid_from <= two.valid_to
                and one.valid_to >= two.valid_from
    ),
{% endfor %}

final as (
    select {{ columns }} from ways_{{ doublings }}
    union distinct
    select {{ columns }} from steps
    where not is_forward
)

select * from final
