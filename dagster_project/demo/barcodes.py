"""Barcodes of the simulated goods."""

from __future__ import annotations


def ean(body: str) -> str:
    """Twelve digits and the check digit that belongs to them (EAN-13)."""
    total = sum(int(digit) * (3 if place % 2 else 1) for place, digit in enumerate(body))
    return f"{body}{(10 - total % 10) % 10}"
