-- Grain: one row per address_token, under the newest reference; a spelling of a division that stewards
-- accepted (of a province under the province's code, and so on) counts as what it stands for:
-- `corrected_spellings` tells which did (field=spelling, by comma).
{% set keys = {
    'province': "substr(newest.adcode, 1, 2) || '0000'",
    'city': "substr(newest.adcode, 1, 4) || '00'",
    'district': 'newest.adcode',
} %}
with addresses as (
    select * from {{ ref('stg_addresses') }}
),

newest as (
    select * from addresses
    qualify row_number() over (
        partition by address_token
        order by reference_as_of desc nulls last
    ) = 1
),

spellings as (
    select
        record_key as adcode,
        field,
        old_value,
        new_value
    from {{ ref('stg_corrections') }}
    where
        entity = 'address'
        and is_in_force
),

final as (
    select
        newest.address_token,
        newest.adcode,
        newest.province,
        newest.city,
        newest.district,
        newest.town_code,
        newest.town,
        newest.address_key_token,
        newest.visible_to,
        newest.match_method,
        newest.confidence,
        newest.candidates,
        newest.has_conflict,
        {% for level in keys %}
            case
                when {{ level }}_spelt.adcode is null then newest.{{ level }}_written
                else {{ level }}_spelt.new_value
            end as {{ level }}_written,
        {% endfor %}
        newest.reference_as_of,
        nullif(
            concat_ws(
                ',',
                {% for level in keys %}
                    case
                        when {{ level }}_spelt.adcode is not null
                            then '{{ level }}_written=' || coalesce({{ level }}_spelt.old_value, '')
                    end{{ ',' if not loop.last }}
                {% endfor %}
            ),
            ''
        ) as corrected_spellings
    from newest
    {% for level, key in keys.items() %}
        left join spellings as {{ level }}_spelt
            on
                {{ key }} = {{ level }}_spelt.adcode
                and {{ level }}_spelt.field = '{{ level }}_written'
                and newest.{{ level }}_written is not distinct from {{ level }}_spelt.old_value
    {% endfor %}
)

select * from final
