"""The page of operations: its body stands in app/rooms/operations.py."""

from __future__ import annotations

from app import room
from app.rooms import operations

room.page("operations", operations.body, filters=(), after=operations.after)
