"""The page of resources: its body stands in app/rooms/resources.py."""

from __future__ import annotations

from app import room
from app.rooms import resources

room.page("resources", resources.body, filters=())
