"""The page of fulfilment: its body stands in app/rooms/fulfilment.py."""

from __future__ import annotations

from app import room
from app.rooms import fulfilment

room.page("fulfilment", fulfilment.body, filters=("period", "channel"))
