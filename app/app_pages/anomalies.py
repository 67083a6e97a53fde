"""The page of anomalies: its body stands in app/rooms/anomalies.py."""

from __future__ import annotations

from app import room
from app.rooms import anomalies

room.page("anomalies", anomalies.body, filters=("period", "channel"))
