"""The page of quality: its body stands in app/rooms/quality.py."""

from __future__ import annotations

from app import room
from app.rooms import quality

room.page("quality", quality.body, filters=(), after=quality.after)
