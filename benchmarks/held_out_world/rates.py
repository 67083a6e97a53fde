"""The table `rates.csv`: how often people and systems do a thing, each with its reason.

What is a table by channel or by touchpoint (volumes, masks) stands where it is used, with its reason.
"""

from __future__ import annotations

import csv
from functools import cache
from pathlib import Path


@cache
def table() -> dict[str, float]:
    """Rate by name; raises ValueError for a line without a reason."""
    rates = {}
    with (Path(__file__).with_name("rates.csv")).open(encoding="utf-8", newline="") as lines:
        for line in csv.DictReader(lines):
            if not line["reason"] or None in line:
                raise ValueError(f"rates.csv: {line['rate']} needs a value and one reason")
            rates[line["rate"]] = float(line["value"])
    return rates


def rate(name: str) -> float:
    """One rate; KeyError if the table has none of that name."""
    return table()[name]
