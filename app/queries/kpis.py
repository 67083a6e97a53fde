"""KPIs beside the index: the rows of rpt_kpis for the period and channel that the reader picked."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from app.queries.reader import read
from app.queries.scope import Scope

if TYPE_CHECKING:
    from app.published import Version

_KPIS = """
select kpi, numerator::double as numerator, denominator, value, unit, coverage, status, target
from marts.rpt_kpis
where period = $period and period_start = $start and dimension = $dimension and member = $member
"""


def found(version: Version, scope: Scope) -> dict[str, dict[str, Any]]:
    """By kpi; a KPI that has nothing to count is not there."""
    return {row["kpi"]: row for row in read(version, _KPIS, **scope.span, **of_channel(scope)).to_dicts()}


def of_channel(scope: Scope) -> dict[str, str]:
    """The parameters $dimension and $member of the picked channel."""
    return {"dimension": "all" if scope.channel == "all" else "channel", "member": scope.channel}
