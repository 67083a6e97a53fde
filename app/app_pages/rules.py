"""The page of rules: its body stands in app/rooms/rules.py."""

from __future__ import annotations

from app import room
from app.rooms import rules

room.page("rules", rules.body, filters=("period", "channel"), after=rules.after)
