"""The state word of a part and of the index, and which trust word stands for many sources.

Decides from published columns only; the words themselves are labels.
"""

from __future__ import annotations

from collections.abc import Iterable
from enum import StrEnum

ATTENTION_FROM = 0.9
"""Share of the target from which a rate below it is `attention`, not `alert`. Our reading, no KPI rule: with
a target of 95 %, a rate of 93.1 % is one to watch and 71 % one to act on."""


class State(StrEnum):
    ON_TARGET = "on_target"
    ATTENTION = "attention"
    ALERT = "alert"
    SMALL_SAMPLE = "small_sample"
    INCOMPLETE = "incomplete"
    UNRATED = "unrated"


class Trust(StrEnum):
    TRUSTED = "trusted"
    STALE = "stale"
    INCOMPLETE = "incomplete"
    MISSING = "missing"
    UNKNOWN = "unknown"


def state_of(value: float | None, target: float | None, status: str | None) -> State:
    """The state of one row of rpt_experience_index; value and target in the same unit."""
    if value is None or status == "missing" or (status or "").startswith("incomplete"):
        return State.INCOMPLETE
    if status == "small_sample":
        return State.SMALL_SAMPLE
    if target is None:
        return State.UNRATED
    if value >= target:
        return State.ON_TARGET
    return State.ATTENTION if value >= ATTENTION_FROM * target else State.ALERT


def worst(statuses: Iterable[str]) -> Trust:
    """The least of some trust_status values; `unknown` where there is none."""
    seen = set(statuses)
    if not seen:
        return Trust.UNKNOWN
    for trust in (Trust.MISSING, Trust.STALE, Trust.INCOMPLETE):
        if trust in seen:
            return trust
    return Trust.TRUSTED
