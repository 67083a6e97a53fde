"""What one run of a page shows: the version, what the reader picked, and the rows of that period."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from app import periods
from app.labels import Labels
from app.published import Version
from app.queries import index
from app.queries.scope import Scope


@dataclass(frozen=True)
class View:
    """All pieces of a page are drawn from this. `parts` are rows of rpt_experience_index, by kpi."""

    version: Version
    scope: Scope
    period: periods.Period
    offered: list[periods.Period]
    as_of: datetime
    parts: dict[str, dict[str, Any]]
    before: float | None
    """The index of the period before, in points."""
    say: Labels

    @property
    def kind(self) -> str:
        return self.scope.kind

    @property
    def last_day(self) -> date:
        return periods.last_day(self.period, self.as_of)

    @property
    def total(self) -> dict[str, Any]:
        """The row of the index itself; empty where the period has none."""
        return self.parts.get(index.INDEX, {})
