"""What the costs of findings take to recompute: the project's own dbt models over orders and findings made
    here.

The tables that they read are written by SQL, as large as said: an order has two lines, one address, one of
    six
KPIs each; one address in twenty and one SKU in fifty has a finding, and so has every province's spelling.
"""

from __future__ import annotations

import json
import os
import subprocess
from pathlib import Path
from typing import Any

import duckdb

from dagster_project import settings as settings_module
from dagster_project.lib import dbt_project

MODELS = ("int_quality__touched", "int_quality__recounted", "rpt_quality_impact")
SKUS, PROVINCES, WAREHOUSES = 2_000, 31, 8
_TABLES = {
    "intermediate.int_orders__joined": """
        select 'own' as channel, 'O' || n as channel_order_id, 'A' || n % {addresses} as
            receiver_address_token,
            null::varchar as store_id, 'SF' as carrier, timestamp '2026-01-01' + to_seconds(n % 5000000) as
                paid_at
        from range({orders}) as t (n)
    """,
    "intermediate.int_orders__sliced": """
        select 'own' as channel, 'O' || n as channel_order_id, 'W' || n % {warehouses} as warehouse,
            'C' || n % {addresses} as customer_id
        from range({orders}) as t (n)
    """,
    "intermediate.int_orders__provinces": """
        select channel, channel_order_id, warehouse as warehouse_code from intermediate.int_orders__sliced
    """,
    "intermediate.int_orders__lines": """
        select 'own' as channel, 'O' || n // 2 as channel_order_id, 'S1' as shop_id,
            'K' || n % {skus} as channel_sku_code, 'K' || n % {skus} as sku_code
        from range({lines}) as t (n)
    """,
    "intermediate.int_addresses__current": """
        select 'A' || n as address_token, (11 + n % {provinces}) * 10000 + 101 || '' as adcode, '西湖区' as
            district,
            case when n % 9 = 0 then '西湖' else '西湖区' end as district_written, '浙江省' as province,
            case when n % 4 = 0 then '浙江' else '浙江省' end as province_written
        from range({addresses}) as t (n)
    """,
    "intermediate.int_customers__records": """
        select '' as source, '' as source_record_id, 'owner' as role, '' as customer_id from range(0)
    """,
    "staging.stg_customer_records": """
        select '' as source, '' as source_record_id, '' as phone_token from range(0)
    """,
    "intermediate.int_quality__found": """
        select md5(rule_code || '|' || entity || '|' || record_key) as finding_id, *, record_key as touch_key
            from (
            select 'address_typo' as rule_code, 'address' as entity, 'A' || n * 20 as record_key, 'address' as
                touch_by
            from range({addresses} // 20) as t (n)
            union all
            select 'sku_weight_range', 'sku', 'K' || n * 50, 'sku' from range({skus} // 50) as t (n)
            union all
            select 'province_spellings', 'address', (11 + n) * 10000 || '', 'province' from range({provinces})
                as t (n)
            union all
            select 'place_coordinates_far', 'warehouse', 'W1', 'place'
        )
    """,
    "intermediate.int_kpis__weighed": """
        select kpi, channel, channel_order_id, cast(paid_at as date) as observed_on,
            (hash(channel_order_id, kpi) % 5 = 0)::int as numerator, 1 as denominator
        from intermediate.int_orders__joined, (values ('wrongly_cross_province_rate'), ('oversell_rate'),
            ('routing_accuracy'), ('on_time_delivery_rate'), ('on_time_fulfilment_rate'),
            ('wrongly_cross_province_cny')) as kpis (kpi)
    """,
    "intermediate.int_kpis__merge_members": """
        select channel, channel_order_id, 'M' || (row_number() over () // 2) as merge_group_id,
            cast(paid_at as date) as observed_on, true as is_merged, 2 as order_count
        from intermediate.int_orders__joined where hash(channel_order_id) % 7 = 0
    """,
    "marts.rpt_kpis": """
        select kpi, 'total' as period, date '2026-01-01' as period_start, 'all' as dimension, 'rate' as unit,
            sum(numerator)::decimal(18, 2) as numerator, count(*) as denominator, avg(numerator) as value
        from intermediate.int_kpis__weighed group by kpi
    """,
}


def measured(folder: Path, lines: int) -> dict[str, Any]:
    """Seconds of the models, by dbt's own account, over `lines` order lines; and what they found."""
    settings = settings_module.load(data=folder, env={})
    sizes = {"lines": lines, "orders": lines // 2, "addresses": max(lines // 5, 40)}
    sizes |= {"skus": SKUS, "provinces": PROVINCES, "warehouses": WAREHOUSES}
    with duckdb.connect(str(settings.warehouse)) as connection:
        for schema in ("intermediate", "staging", "marts"):
            connection.execute(f"create schema {schema}")
        for table, sql in _TABLES.items():
            connection.execute(f"create table {table} as {sql.format(**sizes)}")
    seconds = _built(settings)
    with duckdb.connect(str(settings.warehouse), read_only=True) as connection:
        counted = connection.execute("""
            select (select count(*) from intermediate.int_quality__found),
                (select count(*) from intermediate.int_quality__touched),
                (select count(*) from marts.rpt_quality_impact)
        """).fetchall()[0]
    return {
        "seconds": round(sum(seconds.values()), 2),
        "by_model": seconds,
        **dict(zip(("findings", "touched", "costs"), counted, strict=True)),
    }


def _built(settings: settings_module.Settings) -> dict[str, float]:
    target = settings.data / "target"
    dbt = [str(dbt_project.executable(settings)), "--quiet", "build", "--select", *MODELS, "kpi_master_data"]
    dbt += ["--exclude-resource-type", "unit_test", "--exclude-resource-type", "test"]
    places = {"--project-dir": dbt_project.PROJECT, "--profiles-dir": dbt_project.PROJECT}
    places |= {"--target-path": target, "--log-path": settings.data / "logs"}
    env = {**os.environ, "LUYUE_AS_OF": "2026-03-01 00:00:00", dbt_project.WAREHOUSE: str(settings.warehouse)}
    command = [*dbt, *(str(word) for pair in places.items() for word in pair)]
    done = subprocess.run(command, env=env, capture_output=True, text=True, check=False)
    if done.returncode != 0:
        raise RuntimeError(f"dbt: {done.stdout[-2000:]}{done.stderr[-500:]}")
    results = json.loads((target / dbt_project.RESULTS).read_text("utf-8"))["results"]
    spent = {result["unique_id"].split(".")[2]: result["execution_time"] for result in results}
    return {name: round(spent[name], 2) for name in MODELS}
