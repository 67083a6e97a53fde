"""A data folder with a small published file of master data, as a steward finds it. Made by hand, no run."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import duckdb

from dagster_project import settings as all_settings
from dagster_project.lib.stewardship import checking, deciding, entries
from dagster_project.settings import Settings

AS_OF = "2026-01-31 07:40:00"
MARTS: Mapping[str, str] = {
    "dim_skus": """
        select * from (values
            ('K1', '6901234567892', '绿茶 250g', '食品', 'ambient', 0.25::double, 12.50::decimal(18, 2),
                '品类二部'),
            ('K2', '6901234567892', '绿茶250克', '食品', 'ambient', 0.25, 12.00, '品类二部'),
            ('K3', '6909999999996', '酸奶', '食品', 'chilled', 0.90, 6.00, '品类二部'),
            ('TEA-0017', null, '红茶', '食品', 'ambient', 0.10, 9.00, '品类二部')
        ) as told (sku_code, barcode, name, category, temperature_class, weight_kg, cost_cny, owner)""",
    "dim_sku_aliases": """
        select * from (values
            ('jd', 's1', 'JDK1', 'K1', 'K1', '绿茶', 9::bigint),
            ('jd', 's1', 'K2', null, 'K2', '绿茶250克', 2),
            ('jd', 's1', 'tea 0017', null, null, '好茶', 3),
            ('jd', 's2', 'JDK1', null, null, '绿茶', 1),
            ('jd', 's1', 'TEA-0O17', null, null, '红茶', 5),
            ('jd', 's1', 'XYZ', null, null, '什么', 5)
        ) as told (channel, shop_id, channel_sku_code, sku_code, resolved_sku_code, product_name,
            line_count)""",
    "dim_warehouses": """
        select * from (values
            ('W1', '杭州仓', '浙江省', '杭州市', '西湖区', '330106', 30.26::double, 120.13::double, '仓储部'),
            ('W2', '上海仓', '上海', '上海市', '浦东新区', '310115', 121.5447, 31.2215, '仓储部'),
            ('W3', '无坐标仓', '上海市', '上海市', '浦东新区', '310115', null, null, '仓储部')
        ) as told (warehouse_code, name, province, city, district, adcode, latitude, longitude, owner)""",
    "dim_resources": """
        select * from (values
            ('S1', 'store', '门店', '310115', 31.2215::double, 121.5447::double, 3.0::double, null, null,
                40::decimal(18, 3), timestamp '2026-01-01', null::timestamp),
            ('W3', 'warehouse', '仓', '310115', 31.2215, 121.5447, null, null, 'ambient', 100, null, null)
        ) as told (resource_code, resource_type, name, adcode, latitude, longitude, service_radius_km, skills,
            temperature_zones, capacity_per_day, valid_from, valid_to)""",
    "dim_carrier_areas": """
        select 'sf' as carrier, '310115' as adcode, 'standard' as service_level,
            48.0::double as promised_hours, timestamp '2026-01-01' as valid_from,
            null::timestamp as valid_to""",
    "dim_addresses": """
        select * from (values
            ('t1', '310115', '上海市', '上海市', '浦东新区', '上海市', '上海市', '浦东新区', 1.0::double),
            ('t2', '310115', '上海市', '上海市', '浦东新区', '上海', '上海市', '浦东', 0.9),
            ('t3', '310115', '上海市', '上海市', '浦东新区', null, '上海市', '浦东区', 0.8),
            ('t4', null, null, null, null, null, null, null, 0.0)
        ) as told (address_token, adcode, province, city, district, province_written, city_written,
            district_written, confidence)""",
    "rpt_cross_province": """
        select 'all' as channel, 10::bigint as order_count, 8::bigint as judged_count,
            3::bigint as cross_count,
            2::bigint as wrongly_cross_count, 36.00::decimal(18, 2) as extra_freight_cny""",
    "rpt_quality_findings": """
        select *, timestamp '2026-01-20' as first_seen_at, timestamp '2026-01-31' as last_seen_at,
            timestamp '2026-02-03' as due_at, null::timestamp as responded_at, null::timestamp as resolved_at,
            0::bigint as reopened_count, false as is_overdue,
            null::varchar as adcode, null::varchar as detail, null::varchar as suggestion,
            null::varchar as kpi_hurt,
            concat(rule_code, ' zh') as title_zh, concat(rule_code, ' en') as title_en, '改正' as remedy_zh,
            'mend it' as remedy_en
        from (values
            ('f1', 'place_coordinates_swapped', 'warehouse', 'W2', 'latitude', '121.5447', '经纬度颠倒',
                'swapped', 'logistics', 'accuracy', 'critical', 'open', 120::bigint, 0.5::double),
            ('f2', 'district_spellings', 'address', '310115', 'district_written', '浦东,浦东区,浦东新区',
                '写法', 'spellings', 'master data', 'consistency', 'major', 'open', 80, 0.0),
            ('f3', 'channel_code_unmapped', 'sku_alias', 'jd/s1/tea 0017', 'channel_sku_code', 'tea 0017',
                '未映射', 'unmapped', 'master data', 'completeness', 'critical', 'acknowledged', 3, 0.1),
            ('f4', 'province_spellings', 'address', '310000', 'province_written', '上海', '写法', 'spellings',
                'master data', 'consistency', 'major', 'open', 80, 0.3),
            ('f5', 'sku_barcode_shared', 'sku', 'K2', 'barcode', '6901234567892', '重复', 'shared',
                'master data', 'uniqueness', 'critical', 'closed', 2, 0.0),
            ('f6', 'place_coordinates_missing', 'warehouse', 'W3', 'latitude', null, '没有坐标', 'missing',
                'logistics', 'completeness', 'major', 'open', 5, null)
        ) as told (finding_id, rule_code, entity, record_key, field, value, detail_zh, detail_en, owner,
            dimension, severity, state, orders_touched, kpi_points)""",
}


def lay_out(folder: Path, env: Mapping[str, str] | None = None, **marts: str) -> Settings:
    """A data folder whose published file has `MARTS`, or those given in their place by name."""
    data = folder / "data"
    serving = data / "serving"
    serving.mkdir(parents=True)
    with duckdb.connect(str(serving / "serve_1.duckdb")) as connection:
        connection.execute("create schema marts")
        for name, sql in {**MARTS, **marts}.items():
            connection.execute(f"create table marts.{name} as {sql}")
    (serving / "CURRENT").write_text("serve_1.duckdb\n")
    state = {"run_id": "1", "complete": True, "code": "", "consumed": "", "as_of": AS_OF}
    (data / ".due.json").write_text(json.dumps(state))
    return all_settings.load(data=data, env=dict(env or {}))


def corrections_mart(*rows: tuple[str, str]) -> str:
    """A rpt_corrections with these (correction_id, state)."""
    values = ", ".join(f"('{correction_id}', '{state}')" for correction_id, state in rows)
    return f"select * from (values {values}) as told (correction_id, state)"


def findings_mart(*more: tuple[str, str, str]) -> str:
    """The rpt_quality_findings of `MARTS` with more open ones: (finding_id, value, owner)."""
    first = f"select * from ({MARTS['rpt_quality_findings']})"
    others = [
        f"select '{finding_id}' as finding_id, 'sku_name_missing' as rule_code, 'sku' as entity, "
        f"'{finding_id}' as record_key, 'name' as field, '{value}' as value, '名称' as detail_zh, "
        f"'name' as detail_en, "
        f"'{owner}' as owner, 'completeness' as dimension, 'minor' as severity, 'open' as state, "
        f"1::bigint as orders_touched, 0.0::double as kpi_points, timestamp '2026-01-20' as first_seen_at, "
        f"timestamp '2026-01-31' as last_seen_at, timestamp '2026-02-03' as due_at, false as is_overdue"
        for finding_id, value, owner in more
    ]
    return " union all by name ".join([first, *others])


def refusals(settings: Settings, proposals: Sequence[Mapping[str, Any]]) -> list[str | None]:
    """Why each proposal would be refused, None where it would be taken; nothing is written."""
    standing = entries.standing(entries.read(settings).frame)
    cleaned = deciding.cleaned(deciding.as_frame(proposals))
    return checking.checked(deciding.published(settings), cleaned, standing)["why"].to_list()
