"""The page of inventory: its body stands in app/rooms/inventory.py."""

from __future__ import annotations

from app import room
from app.rooms import inventory

room.page("inventory", inventory.body, filters=("period", "warehouse"))
