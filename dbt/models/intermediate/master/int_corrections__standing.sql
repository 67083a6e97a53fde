-- Grain: one row per correction_id: what stewards corrected in master data, and what became of it as the
-- newest rows now stand.
with corrections as (
    select * from {{ ref('stg_corrections') }}
),

standing as (
    {% for entity, relation in [
        ('sku', ref('int_skus__deduplicated')), ('sku_alias', ref('int_sku_aliases__deduplicated')),
        ('warehouse', ref('int_warehouses__deduplicated')),
        ('resource', ref('int_resources__deduplicated')),
        ('carrier', ref('int_carrier_areas__deduplicated')),
    ] %}
        {{ corrected_values(entity, relation) }}
        union all
    {% endfor %}
    select
        corrections.correction_id,
        max(corrections.new_value) as present_value,
        true as is_new_value,
        true as is_applied
    from corrections
    inner join {{ ref('int_addresses__current') }} as addresses
        on
            addresses.corrected_spellings is not null
            and corrections.record_key in (
                addresses.adcode,
                substr(addresses.adcode, 1, 4) || '00',
                substr(addresses.adcode, 1, 2) || '0000'
            )
            and ',' || addresses.corrected_spellings || ','
            like '%,' || corrections.field || '=' || coalesce(corrections.old_value, '') || ',%'
    where
        corrections.entity = 'address'
        and corrections.is_in_force
    group by corrections.correction_id
),

final as (
    select
        corrections.correction_id,
        corrections.entity,
        corrections.record_key,
        corrections.field,
        corrections.old_value,
        corrections.new_value,
        standing.present_value,
        case
            when corrections.status <> 'approved' then corrections.status
            when not corrections.is_in_force then 'pending'
            when standing.is_applied and standing.is_new_value then 'applied'
            when standing.correction_id is null then 'missing'
            when standing.is_new_value then 'retired'
            else 'overtaken'
        end as state,
        corrections.valid_from,
        corrections.reason,
        corrections.proposer,
        corrections.approver,
        corrections.proposed_at,
        corrections.decided_at
    from corrections
    left join standing
        on corrections.correction_id = standing.correction_id
)

select * from final
