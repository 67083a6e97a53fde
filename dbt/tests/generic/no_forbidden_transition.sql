{#-
    Passes if no order changed its state in a way that the seed order_transitions does not allow. It is
    the merchant's data, or a channel whose states the seed does not tell yet: it warns, blocks nothing.
-#}
{% test no_forbidden_transition(model) %}
select
    channel,
    from_status,
    to_status,
    transition_kind,
    count(*) as row_count
from {{ model }}
where not is_allowed
group by
    channel,
    from_status,
    to_status,
    transition_kind
{% endtest %}
