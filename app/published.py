"""Which published file the dashboard shows: reads CURRENT, says why there is none, never writes.

No query of a page and no word for people belongs here.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

WALL_CLOCK = ZoneInfo("Asia/Shanghai")

NEEDED: Mapping[str, Sequence[str]] = {
    "rpt_experience_index": (
        "period", "period_start", "channel", "kpi", "numerator", "denominator", "value", "weight",
        "contribution", "coverage", "status", "target",
    ),
    "rpt_kpi_trust": (
        "kpi", "source_feed", "newest_exported_at", "age_hours", "is_fresh", "coverage", "trust_status",
        "note_code",
    ),
    "fct_anomalies": (
        "channel", "channel_order_id", "event_code", "detected_at", "resolved_at", "is_resolved_2h",
        "is_due", "carrier", "warehouse_code", "paid_amount_cny",
    ),
    "fct_orders": (
        "channel", "channel_order_id", "paid_amount_cny", "paid_at", "promise_due_at", "promise_met_at",
        "is_on_time", "merge_group_id", "is_merged",
    ),
    "fct_change_requests": (
        "channel", "channel_order_id", "request_type", "requested_at", "decided_at", "outcome",
        "is_counted", "is_success",
    ),
    "fct_sla_offers": (
        "channel", "channel_order_id", "service_level", "offered_at", "expires_at", "response",
        "is_counted", "is_accepted",
    ),
}  # fmt: skip
"""The columns of the schema `marts` without which no page is shown, by table. A page that reads another mart
says so itself where the version lacks it."""


@dataclass(frozen=True)
class Version:
    """One published file. Files are never rewritten, so the key (name, size, time) names its content."""

    path: Path
    key: str
    published_at: datetime
    """When it was written, on the merchant's wall clock."""


class UnavailableError(Exception):
    """Nothing can be shown. `reason`: nothing, missing, damaged, outdated or empty; `detail`: which."""

    def __init__(self, reason: str, detail: str = "") -> None:
        super().__init__(f"{reason}: {detail}")
        self.reason = reason
        self.detail = detail


def current(serving: Path) -> Version:
    """The version that `serving/CURRENT` names. Raises `UnavailableError` (nothing, missing)."""
    pointer = serving / "CURRENT"
    try:
        name = pointer.read_text(encoding="utf-8").strip()
    except OSError:
        raise UnavailableError("nothing", str(pointer)) from None
    except UnicodeDecodeError:
        raise UnavailableError("damaged", str(pointer)) from None
    if not name or Path(name).name != name:
        raise UnavailableError("damaged", str(pointer))
    return version_of(serving / name)


def version_of(path: Path) -> Version:
    """The version in this file. Raises `UnavailableError` (missing)."""
    try:
        stat = path.stat()
    except OSError:
        raise UnavailableError("missing", path.name) from None
    return Version(
        path=path,
        key=f"{path}:{stat.st_size}:{stat.st_mtime_ns}",
        published_at=datetime.fromtimestamp(stat.st_mtime, WALL_CLOCK).replace(tzinfo=None),
    )


def missing_columns(rows: Sequence[tuple[str, str]]) -> list[str]:
    """Needed `table` or `table.column` names that the (table, column) pairs do not hold, sorted."""
    tables: dict[str, set[str]] = {}
    for table, column in rows:
        tables.setdefault(table, set()).add(column)
    lacking = []
    for table, columns in NEEDED.items():
        if table not in tables:
            lacking.append(table)
        else:
            lacking += [f"{table}.{column}" for column in columns if column not in tables[table]]
    return sorted(lacking)
