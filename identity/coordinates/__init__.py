"""Coordinates of warehouses and stores: whether they can be right for their division, and what they may mean.

Pure functions over frames; which findings are made of them is the marts' matter.
"""

from identity.coordinates.checking import COLUMNS, check
from identity.coordinates.datum import DATUMS, recognise, to_wgs84

__all__ = ["COLUMNS", "DATUMS", "check", "recognise", "to_wgs84"]
