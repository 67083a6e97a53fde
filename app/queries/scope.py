"""What a question about a period is asked of: the channel, the kind of period, and its first day."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True)
class Scope:
    """`channel` is `all` or one; `kind` is day, week, month or total; `start` as in rpt_experience_index."""

    channel: str
    kind: str
    start: date

    @property
    def span(self) -> dict[str, str | date]:
        """The parameters that `within` asks for."""
        return {"period": self.kind, "start": self.start}


def within(moment: str) -> str:
    """SQL: whether the time `moment` lies in the period of the parameters $period and $start."""
    return f"""(
        $period = 'total'
        or ({moment} >= $start and {moment} < $start::date + case $period
            when 'day' then interval 1 day
            when 'week' then interval 7 day
            else interval 1 month
        end)
    )"""
