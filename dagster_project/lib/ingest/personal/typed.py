"""What somebody types about an order, as it may be kept: without what looks like a phone, a name or an
address."""

from __future__ import annotations


def masked(text: str) -> str:
    """The text with personal values masked."""
    import polars as pl

    from dagster_project.lib.ingest.personal.free_text import mask_free_text

    return str(mask_free_text(pl.Series([text]))[0]) if text else ""
