"""The contract of an intervention: what is asked for, how far it is, and what the merchant's systems read and
answer.

docs/interventions.md says the same to whoever connects them.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from dagster_project.lib.errors import LuyueError

ACTIONS = ("change_address", "expedite", "freeze_refund")
"""改地址, 加急发货, 冻结退款: the codes of `request_type` in the feed change_requests."""
OPEN = ("requested", "received")
CLOSED = ("succeeded", "failed", "rejected", "withdrawn")
ADDRESS = ("receiver_name", "receiver_phone", "province", "city", "district", "town", "address")
"""What a changed address is made of; all of it is personal and leaves here sealed."""
LONGEST_REASON = 200
LONGEST_PART = 100


class RefusedError(LuyueError):
    """This request cannot be made. `code` is a word that a page has a text for."""

    def __init__(self, code: str, text: str) -> None:
        super().__init__(text)
        self.code = code


@dataclass(frozen=True)
class Intervention:
    """One request. `address` (parts of `ADDRESS`) belongs to change_address alone."""

    channel: str
    channel_order_id: str
    action: str
    reason: str
    by: str
    role: str
    address: Mapping[str, str] = field(default_factory=dict, repr=False)


@dataclass(frozen=True)
class Standing:
    """A request and how far it is."""

    request_id: str
    channel: str
    channel_order_id: str
    action: str
    reason: str
    by: str
    requested_at: datetime
    state: str
    state_at: datetime
    detail: str

    @property
    def is_open(self) -> bool:
        return self.state in OPEN


def check(asked: Intervention) -> None:
    """Raises `RefusedError` for a request that nobody could carry out."""
    if asked.action not in ACTIONS:
        raise RefusedError("action", f"{asked.action}: no such action; there are {', '.join(ACTIONS)}")
    if not (asked.channel and asked.channel_order_id):
        raise RefusedError("order", "an intervention names a channel and its order")
    if not 1 <= len(asked.reason.strip()) <= LONGEST_REASON:
        raise RefusedError("reason", f"the reason must have 1 to {LONGEST_REASON} characters")
    if asked.action == "change_address":
        unknown = asked.address.keys() - set(ADDRESS)
        if unknown or not asked.address.get("address", "").strip():
            raise RefusedError("address", f"a new address has an `address` and only parts of {ADDRESS}")
        if any(len(part) > LONGEST_PART for part in asked.address.values()):
            raise RefusedError("address", f"a part of an address has at most {LONGEST_PART} characters")
