"""Provinces of warehouses that are not written as they are called: 浙江 for 浙江省.

The division was read from the record itself; its name is the reference's.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from dagster_project.lib.stewardship import published as published_file
from dagster_project.lib.stewardship.suggesting import COLUMNS

if TYPE_CHECKING:
    import polars as pl

AS_READ = 0.95
"""The division stands in the record's own text, and its province has one name; the text may be wrong."""
_PLACES = """
    select warehouse_code as record_key, province, adcode[:2] || '0000' as code
    from marts.dim_warehouses
    where adcode is not null
"""


def suggested(published: Path) -> pl.DataFrame:
    """Per warehouse whose province is called otherwise, its name."""
    import polars as pl

    from identity.addresses import seeds

    names = seeds.load().region.select(code="adcode", new_value="name")
    told = published_file.query(published, _PLACES).join(names, on="code")
    return told.filter(pl.col("province").ne_missing(pl.col("new_value"))).select(
        pl.lit("warehouse").alias("entity"), "record_key", pl.lit("province").alias("field"),
        pl.col("province").alias("old_value"), "new_value", pl.lit(AS_READ).alias("confidence"),
        pl.col("record_key").alias("about_key"), pl.lit("省份的标准名称").alias("why_zh"),
        pl.lit("what the province is called").alias("why_en"),
    ).select(COLUMNS)  # fmt: skip
