"""Standardising Chinese addresses: the division in force, the door, and a key under which equal doors
meet."""

from identity.addresses.standardise import COLUMNS, standardise, standardise_distinct

__all__ = ["COLUMNS", "standardise", "standardise_distinct"]
