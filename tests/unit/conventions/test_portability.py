"""What the portability linter finds in compiled SQL: each would fail or differ on Apache Spark."""

from __future__ import annotations

import pytest

from tools.conventions import portability

GOOD = """
with orders as (
    select channel, channel_order_id, cast(paid_amount_cny as decimal(18, 2)) as paid, paid_at
    from staging.stg_orders
    where status in ('paid', 'shipped') and paid_at is not null
),

newest as (
    select *, row_number() over (partition by channel order by paid_at asc nulls last, paid desc) as n
    from orders
    qualify row_number() over (partition by channel order by paid_at desc nulls last) = 1
)

select
    channel,
    count(*) as orders,
    count_if(paid > 0) as paid_orders,
    max_by(paid, paid_at) filter (where n > 0) as last_paid,
    sum(case when n = 1 then paid else 0 end) as total,
    coalesce(try_cast(trim(channel) as string), 'x') as name
from newest
left join (select 1 as one) as d on true
group by all
"""


def test_what_both_engines_know_passes() -> None:
    """Windows, qualify, filters, casts and the listed functions are the language of the house."""
    assert portability.check("m.sql", GOOD) == []


@pytest.mark.parametrize(
    ("sql", "named"),
    [
        ("select arg_max(a, b) from t", "arg_max"),
        ("select list_aggregate(a, 'sum') from t", "list_aggregate"),
        ("select date_diff('day', a, b) from t", "date_diff"),
        ("select hash(a) from t", "hash"),
        ("select unnest(a) from t", "unnest"),
        ("select * exclude (a) from t", "exclude"),
        ("select a[1] from t", "`[`"),
        ("select a ->> '$.x' from t", "->>"),
        ("select cast(a as varchar) from t", "type varchar"),
        ("select cast(a as hugeint) from t", "type hugeint"),
        ("select row_number() over (order by a) from t", "nulls last"),
        ("select a from t order by a asc", "nulls last"),
        ("select distinct on (a) a, b from t", "distinct on"),
        ("select a at time zone 'UTC' from t", "time zone"),
        ("select trim(a, 'x') from t", "trim"),
        ("select a from t union all by name select a from u", "by name"),
        ("select a from t where a like '(?=x)'", "look-around"),
        ("select a // 2 from t", "does not parse"),
        ("select a from t asof join u on t.a >= u.a where (", "does not parse"),
    ],
)
def test_what_only_one_engine_knows_is_found(sql: str, named: str) -> None:
    """Hurt is who outgrows one machine: on that day every model has to run on Spark as it stands."""
    found = portability.check("m.sql", sql)
    assert found
    assert any(named in f.text for f in found), found


def test_names_of_ctes_and_table_aliases_are_no_functions() -> None:
    """`with t (a) as` and `as d (a)` look like calls and are none."""
    assert portability.check("m.sql", "with t (a) as (select 1 as a) select a from t as d (a)") == []
