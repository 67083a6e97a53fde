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
