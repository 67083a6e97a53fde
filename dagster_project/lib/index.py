"""The experience index and its five parts as a published file shows them. The formulas are SQL models."""

from __future__ import annotations

from pathlib import Path
from typing import Any

INDEX = "experience_index"


def parts(path: Path) -> list[dict[str, Any]]:
    """Period `total`, channel `all`: kpi, numerator, denominator, value, weight, status; the index last."""
    import duckdb

    with duckdb.connect(str(path), read_only=True) as connection:
        cursor = connection.execute(
            """
            select kpi, numerator::double as numerator, denominator::double as denominator,
                value::double as value, weight::double as weight, status
            from marts.rpt_experience_index
            where period = 'total' and channel = 'all'
            order by kpi = 'experience_index', weight desc nulls last, kpi
            """
        )
        names = [column[0] for column in cursor.description]
        return [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]


def total(path: Path) -> dict[str, Any]:
    """The index over everything: value (0–100, null if a part is missing) and status."""
    found = [row for row in parts(path) if row["kpi"] == INDEX]
    shown = found[0] if found else {"value": None, "status": "missing"}
    return {key: shown[key] for key in ("value", "status")}
