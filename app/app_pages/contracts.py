"""The page of contracts: its body stands in app/rooms/contracts.py."""

from __future__ import annotations

from app import room
from app.rooms import contracts

room.page("contracts", contracts.body, filters=("period", "channel"))
