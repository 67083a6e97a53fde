{#- Passes if the warehouse notices each (order, event code) once, and never beside a case of the same. -#}
{% test unique_derived_anomaly(model) %}
select
    channel,
    channel_order_id,
    event_code,
    count(*) as row_count
from {{ model }}
group by
    channel,
    channel_order_id,
    event_code
having count_if(is_derived) > 1 or (count_if(is_derived) > 0 and count_if(not is_derived) > 0)
{% endtest %}
