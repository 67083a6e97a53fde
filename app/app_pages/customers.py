"""The page of customers: its body stands in app/rooms/customers.py."""

from __future__ import annotations

from app import room
from app.rooms import customers

room.page("customers", customers.body, filters=("period", "channel"), after=customers.after)
