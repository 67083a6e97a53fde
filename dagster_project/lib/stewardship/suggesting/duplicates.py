"""One good under two SKU codes: which code survives, and the channel codes that have to point to it.

SKUs are one good where they bear the same barcode, or the same name in the same category and temperature
class. The survivor is the code that most order lines have, then the more complete record, then the first
code.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from dagster_project.lib.stewardship import published as published_file
from dagster_project.lib.stewardship.suggesting import COLUMNS

if TYPE_CHECKING:
    import polars as pl

SAME_BARCODE = 0.95
"""A barcode names one good, unless it was typed wrongly into one of the two."""
SAME_NAME = 0.7
"""Sizes and colours of one good often share its name."""
_MOVED = f"""
    with sold as (
        select resolved_sku_code as sku_code, sum(line_count) as line_count
        from marts.dim_sku_aliases
        group by all
    ),

    skus as (
        select skus.*, coalesce(sold.line_count, 0) as line_count,
            (skus.barcode is not null)::int + (skus.weight_kg is not null)::int
            + (skus.cost_cny is not null)::int + (skus.owner is not null)::int as known
        from marts.dim_skus as skus
        left join sold using (sku_code)
    ),

    grouped as (
        select 'barcode|' || barcode as same, {SAME_BARCODE} as confidence, '条码相同' as why_zh,
            'the same barcode' as why_en, *
        from skus where barcode is not null
        union all
        select concat_ws('|', 'name', name, category, temperature_class), {SAME_NAME}, '名称、品类、温层相同',
            'the same name, category and temperature class', *
        from skus where name is not null
    ),

    ranked as (
        select *, first_value(sku_code) over ranks as survivor, count(*) over (partition by same) as codes
        from grouped
        window ranks as (partition by same order by line_count desc, known desc, sku_code)
    ),

    losers as (
        select sku_code, survivor, confidence, why_zh, why_en
        from ranked
        where codes > 1 and sku_code <> survivor
        qualify row_number() over (partition by sku_code order by confidence desc, survivor) = 1
    )

    select
        'sku_alias' as entity,
        channel || '/' || coalesce(shop_id, '') || '/' || channel_sku_code as record_key,
        'sku_code' as field,
        aliases.sku_code as old_value,
        survivor as new_value,
        confidence,
        losers.sku_code as about_key,
        why_zh || '；保留 ' || survivor as why_zh,
        why_en || '; keep ' || survivor as why_en
    from losers
    join marts.dim_sku_aliases as aliases on losers.sku_code = aliases.resolved_sku_code
    where survivor not in (select sku_code from losers)
"""


def suggested(published: Path) -> pl.DataFrame:
    """Per channel code of a SKU that is another's double, the SKU that survives."""
    import polars as pl

    if not published_file.has(published, "dim_sku_aliases"):
        return pl.DataFrame(
            schema={name: pl.Float64 if name == "confidence" else pl.String for name in COLUMNS}
        )
    return published_file.query(published, _MOVED).cast({"confidence": pl.Float64}).select(COLUMNS)
