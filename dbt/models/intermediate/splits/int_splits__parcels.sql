-- Grain: one row per order whose goods left in parcels that an export shows: root_id (see int_splits__lines). A
-- parcel is mixed that holds goods of two parcel groups; what is not ambient is at risk in it. Where no line shows a
-- waybill and there is one of the order, all lines went in it; of several, nobody knows in which.
with order_lines as (
    select
        *,
        count(waybill_no) over (partition by root_id) as told_line_count
    from {{ ref('int_splits__lines') }}
),

members as (
    select distinct
        root_id,
        channel,
        channel_order_id
    from order_lines
),

bills as (
    select distinct
        members.root_id,
        waybills.waybill_no
    from members
    inner join {{ ref('int_orders__waybills') }} as waybills
        on
            members.channel = waybills.channel
            and members.channel_order_id = waybills.channel_order_id
),

sent as (
    select
        root_id,
        count(*) as parcel_count,
        min(waybill_no) as only_waybill_no
    from bills
    group by root_id
),

parcels as (
    select
        order_lines.root_id,
        coalesce(order_lines.waybill_no, sent.only_waybill_no) as waybill_no,
        count(distinct order_lines.parcel_group) as group_count,
        sum(case
            when order_lines.parcel_group <> 'ambient' then order_lines.paid_share_cny
        end) as cold_cny
    from order_lines
    inner join sent
        on order_lines.root_id = sent.root_id
    where
        (
            order_lines.waybill_no is not null
            or (sent.parcel_count = 1 and order_lines.told_line_count = 0)
        )
        and (order_lines.is_needed or not order_lines.is_own)
    group by
        order_lines.root_id,
        coalesce(order_lines.waybill_no, sent.only_waybill_no)
),

mixed as (
    select
        root_id,
        count(*) as mixed_parcel_count,
        sum(cold_cny) as goods_at_risk_cny
    from parcels
    where group_count > 1
    group by root_id
),

final as (
    select
        sent.root_id,
        sent.parcel_count,
        coalesce(mixed.mixed_parcel_count, 0) as mixed_parcel_count,
        mixed.goods_at_risk_cny
    from sent
    left join mixed
        on sent.root_id = mixed.root_id
)

select * from final
