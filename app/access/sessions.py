"""When a session ends: after some minutes without a click, and some hours after the sign-in at the latest.

Kept in the server's memory, by the identity that the browser's cookie holds: a new tab or a reload is the
same session. Pure: the clock is given.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from threading import Lock
from typing import Any

IDLE_MINUTES = 30
ABSOLUTE_HOURS = 8
"""A working day: nobody signs in twice in one, and a forgotten screen is closed by the evening."""


@dataclass(frozen=True)
class Limits:
    idle_seconds: float = IDLE_MINUTES * 60
    absolute_seconds: float = ABSOLUTE_HOURS * 3600


def limits_of(mapping: Mapping[str, Any]) -> Limits:
    """The limits of a mapping file: `sessions: {idle_minutes, absolute_hours}`; the defaults where it has
    none."""
    told = mapping.get("sessions") or {}
    return Limits(
        float(told.get("idle_minutes", IDLE_MINUTES)) * 60,
        float(told.get("absolute_hours", ABSOLUTE_HOURS)) * 3600,
    )


@dataclass
class Sessions:
    """What was last seen of each sign-in. An ended one stays ended: its cookie is worth nothing any more."""

    _seen: dict[str, float] = field(default_factory=dict)
    _ended: set[str] = field(default_factory=set)
    _lock: Lock = field(default_factory=Lock)

    def is_open(self, key: str, signed_in_at: float, now: float, limits: Limits, *, active: bool) -> bool:
        """Whether this sign-in still holds at `now` (seconds); with `active`, a click is noted."""
        with self._lock:
            last = self._seen.get(key, now)
            idle, age = now - last, now - signed_in_at
            if key in self._ended or idle > limits.idle_seconds or age > limits.absolute_seconds:
                self._ended.add(key)
                return False
            if active or key not in self._seen:
                self._seen[key] = now
            return True

    def end(self, key: str) -> None:
        """Ends a sign-in, as at a sign-out."""
        with self._lock:
            self._ended.add(key)
