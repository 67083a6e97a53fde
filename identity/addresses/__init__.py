"""Standardising Chinese addresses: the division in force, the door, and a key under which equal doors
meet."""

from identity.addresses.standardise import COLUMNS, DIVISIONS, divisions, standardise, standardise_distinct

__all__ = ["COLUMNS", "DIVISIONS", "divisions", "standardise", "standardise_distinct"]
