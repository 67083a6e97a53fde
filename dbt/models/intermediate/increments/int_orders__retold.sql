-- Grain: one row per order (channel, channel_order_id) whose timeline an increment has to tell anew: a touched
-- one; one of which stock, a ledger, a case, a suspicion or a link to another order tells otherwise than at the
-- last settled build; or one with an address that the reference now reads otherwise. Empty in a whole build.
-- depends_on: {{ ref('int_orders__touched') }}
-- depends_on: {{ ref('int_order_events__traced') }}
-- depends_on: {{ ref('int_orders__links') }}
-- depends_on: {{ ref('int_addresses__current') }}
-- depends_on: {{ ref('int_orders__exported') }}
{{ config(post_hook='{{ note_unsettled() }}') }}
{% if not is_increment() %}
    select
        cast(null as {{ dbt.type_string() }}) as channel,
        cast(null as {{ dbt.type_string() }}) as channel_order_id
    where false
{% else %}
with traces as (
    {{ changed_rows('int_order_events__traced') }}
),

links as (
    {{ changed_rows('int_orders__links') }}
),

-- One that is new comes with an export, which touches its order.
addresses as (
    select * from increments.settled_int_addresses__current
    except distinct
    select
        address_token,
        address_key_token
    from {{ ref('int_addresses__current') }}
)

select
    channel,
    channel_order_id
from {{ ref('int_orders__touched') }}
union distinct
select
    channel,
    channel_order_id
from traces
union distinct
select
    parent_channel as channel,
    parent_channel_order_id as channel_order_id
from links
union distinct
select
    channel,
    channel_order_id
from links
union distinct
select
    channel,
    channel_order_id
from {{ ref('int_orders__exported') }}
where receiver_address_token in (select address_token from addresses)
{% endif %}
