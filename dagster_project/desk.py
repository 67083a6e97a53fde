"""What the dashboard does beyond reading: the door from app/ into lib/ and identity/ for
service. Others are operating.py, stewarding.py, steward.py, rule_book.py and ground.py.

Each function is told who asks, as a name and a role that go into the record; whether they may is asked
before. No page, and no query of the marts.
"""

from __future__ import annotations

from dagster_project.lib.interventions.contract import (
    ACTIONS,
    ADDRESS,
    LONGEST_PART,
    LONGEST_REASON,
    Intervention,
    RefusedError,
    Standing,
)
from dagster_project.lib.interventions.outbox import request, standing
from dagster_project.lib.interventions.sealing import is_demo
from dagster_project.lib.reveals import FIELDS, NotRevealedError, reveal

__all__ = [
    "ACTIONS",
    "ADDRESS",
    "FIELDS",
    "LONGEST_PART",
    "LONGEST_REASON",
    "Intervention",
    "NotRevealedError",
    "RefusedError",
    "Standing",
    "is_demo",
    "request",
    "reveal",
    "standing",
]
