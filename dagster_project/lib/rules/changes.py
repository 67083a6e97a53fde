"""Approved changes of rules: inbox/rules/*.jsonl, append-only; a revocation is an entry of its own.

An entry holds the whole rule file, so that what was approved is what takes part, whatever happens to it.
What a change does to the rows in force is in effect.py.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from dagster_project.lib.errors import LuyueError
from dagster_project.lib.rules import kinds
from dagster_project.settings import Settings

INBOX = "rules"
APPROVE, REVOKE = "approve", "revoke"


@dataclass(frozen=True)
class Change:
    """One approval: from `valid_from` on (YYYY-MM-DD) the rules of a kind are those of `content`."""

    change_id: str
    kind: str
    valid_from: str
    reason: str
    approver: str
    role: str
    approved_at: str
    content: str
    """The rule file, as text."""
    revoked_at: str | None = None
    revoked_by: str | None = None
    revoked_for: str | None = None

    @property
    def is_in_force(self) -> bool:
        """Whether it takes part: it was not revoked."""
        return self.revoked_at is None


def digest(content: str) -> str:
    """SHA-256 of a rule file's text, in hex."""
    return hashlib.sha256(content.encode()).hexdigest()


def approved(settings: Settings) -> list[Change]:
    """Every change that was ever approved, in the order of approval, revoked ones among them.

    Raises LuyueError for an entry that is none, or whose rules are not those that were approved.
    """
    told: dict[str, Change] = {}
    for place, entry in _entries(settings):
        try:
            if entry["action"] == REVOKE:
                told[entry["revokes"]] = _revoked(told[entry["revokes"]], entry)
            elif entry["action"] == APPROVE and digest(entry["content"]) == entry["content_sha256"]:
                told[entry["event_id"]] = _change(entry)
            else:
                raise ValueError(entry["action"])
        except (KeyError, TypeError, ValueError, AttributeError) as error:
            raise LuyueError(
                f"{place}: no entry of `luyue rules approve`, or altered; take it out"
            ) from error
    return list(told.values())


def in_force(settings: Settings) -> list[Change]:
    """The changes that take part in a run, in the order of approval: a later one wins from its day on."""
    return [change for change in approved(settings) if change.is_in_force]


def _change(entry: dict[str, Any]) -> Change:
    return Change(
        change_id=entry["event_id"],
        kind=kinds.kind(entry["kind"]).name,
        valid_from=entry["valid_from"],
        reason=entry["reason"],
        approver=entry.get("approver") or entry["by"],
        role=entry["role"],
        approved_at=entry["at"],
        content=entry["content"],
    )


def _revoked(change: Change, entry: dict[str, Any]) -> Change:
    from dataclasses import replace

    who = entry.get("approver") or entry["by"]
    return replace(change, revoked_at=entry["at"], revoked_by=who, revoked_for=entry["reason"])


def _entries(settings: Settings) -> Iterator[tuple[str, dict[str, Any]]]:
    for path in sorted((settings.inbox / INBOX).glob("*.jsonl")):
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), start=1):
            place = f"{path}, line {number}"
            try:
                entry = json.loads(line)
            except ValueError as error:
                raise LuyueError(f"{place}: no entry; take the line out") from error
            if not isinstance(entry, dict):
                raise LuyueError(f"{place}: no entry; take the line out")
            yield place, entry
