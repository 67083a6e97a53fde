"""The warehouses that a reader may pick."""

from __future__ import annotations

from typing import TYPE_CHECKING

from app.queries.reader import read

if TYPE_CHECKING:
    from app.published import Version

_WAREHOUSES = """
select warehouse_code, coalesce(nullif(trim(name), ''), warehouse_code) as name
from marts.dim_warehouses
order by warehouse_code
"""


def warehouses(version: Version) -> dict[str, str]:
    """Code → name, by code."""
    return dict(read(version, _WAREHOUSES).iter_rows())
