"""Spellings of divisions in delivery addresses: 上海, or nothing, stands for 上海市, 浦东区 for 浦东新区.

As sure as the addresses written so are standardised: the mean of their confidence.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from dagster_project.lib.stewardship import published as published_file

if TYPE_CHECKING:
    import polars as pl

_WRITTEN = f"""
    select
        'address' as entity,
        adcode as record_key,
        level || '_written' as field,
        spelling as old_value,
        name as new_value,
        round(avg(confidence), 3) as confidence,
        adcode as about_key,
        count(*) || ' 个地址这样写' as why_zh,
        count(*) || ' addresses are written so' as why_en
    from ({published_file.SPELLINGS})
    where name is not null and spelling is distinct from name
    group by adcode, level, spelling, name
"""


def suggested(published: Path) -> pl.DataFrame:
    """Per division and spelling that is not its name, what it stands for."""
    return published_file.query(published, _WRITTEN)
