"""A published file that holds findings as a test spells them out."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

import duckdb
import polars as pl

from dagster_project.settings import Settings

OPENED = datetime(2026, 1, 10)
_FINDING: dict[str, Any] = {
    **dict.fromkeys(("rule_code", "entity", "record_key", "field", "value", "reason_code", "detail"), "x"),
    **dict.fromkeys(("suggestion", "adcode", "record_owner", "source", "kpi_hurt"), "x"),
    **dict.fromkeys(("title_zh", "title_en", "remedy_zh", "remedy_en"), "x"),
    **dict.fromkeys(("first_seen_at", "opened_at", "last_seen_at", "due_at"), OPENED),
    **dict.fromkeys(("responded_at", "resolved_at", "acted_until"), None),
    "owner": "仓储部", "severity": "critical", "state": "open", "reopened_count": 0, "orders_touched": 1,
    "kpi_points": 0.5,
}  # fmt: skip
_TIMES = {name: pl.Datetime("us") for name in ("responded_at", "resolved_at", "acted_until")}


def publish(settings: Settings, findings: Sequence[dict[str, Any]], name: str = "serve_1.duckdb") -> Path:
    """A current file of these findings, each like `_FINDING` but for what it says, and of one score."""
    settings.serving.mkdir(parents=True, exist_ok=True)
    path = settings.serving / name
    path.unlink(missing_ok=True)
    rows = pl.DataFrame(
        [_FINDING | one for one in findings], schema_overrides=_TIMES, infer_schema_length=None
    )
    with duckdb.connect(str(path)) as connection:
        connection.execute("create schema marts")
        connection.register("rows", rows.to_arrow())
        connection.execute("create table marts.rpt_quality_findings as select * from rows")
        connection.execute("""
            create table marts.rpt_quality_scores as
            select timestamp '2026-01-10' as measured_at, 'all' as slice, 'all' as member, 97.5 as score,
                3 as rule_count, 40 as checked_count, 1 as failing_count
        """)
    (settings.serving / "CURRENT").write_text(f"{name}\n")
    return path
