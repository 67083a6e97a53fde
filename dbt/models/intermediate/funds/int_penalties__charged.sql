-- Grain: one row per ledger entry that is a penalty: (channel, entry_id), by the first label (seed
-- penalty_labels) that its type or remark holds. What is given back is negative. Additive: penalty_cny.
with entries as (
    select
        *,
        coalesce(entry_type, '') || ' ' || coalesce(remark, '') as words
    from {{ ref('int_fund_entries__deduplicated') }}
),

distinct_words as (
    select distinct words from entries
),

labels as (
    select * from {{ ref('penalty_labels') }}
),

told as (
    select
        distinct_words.words,
        min_by(labels.penalty_code, labels.priority) as penalty_code
    from distinct_words
    inner join labels
        on contains(distinct_words.words, labels.label)
    group by distinct_words.words
),

final as (
    select
        told.penalty_code,
        entries.channel,
        entries.entry_id,
        entries.channel_order_id,
        entries.occurred_at as charged_at,
        cast(-entries.amount_cny as decimal(18, 2)) as penalty_cny
    from entries
    inner join told
        on entries.words = told.words
)

select * from final
