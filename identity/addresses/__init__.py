"""Standardising Chinese addresses: the division in force, the door, and a key under which equal doors
meet."""

from identity.addresses.standardise import (
    COLUMNS,
    DIVISIONS,
    adcodes,
    divisions,
    standardise,
    standardise_distinct,
)

__all__ = ["COLUMNS", "DIVISIONS", "adcodes", "divisions", "standardise", "standardise_distinct"]
