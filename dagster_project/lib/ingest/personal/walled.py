"""Lines for people (notices, reasons, progress, checks) without personal values that a file put into them.

A header, an unknown word or a file name may be anything that a file holds. Cells are masked elsewhere: this
is for text that ends up in logs, run facts, the ledger and Dagster's history.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

_SUSPECT = re.compile(
    r"1[3-9]\d[\s\-]?\d{4}[\s\-]?\d{4}|0\d{2,3}-\d{7,8}|[\w.+\-]+@[\w\-]+\."
    r"|[\u4e00-\u9fff]\d+(?:号|弄|幢|栋|单元|室)"
)
"""Phones, e-mails, house numbers. A title or a name alone is left: too many headers hold one."""


def walled(lines: Iterable[str]) -> list[str]:
    """The lines in order, those that look as if they held a personal value with it masked."""
    told = list(lines)
    suspects = [number for number, line in enumerate(told) if _SUSPECT.search(line)]
    if suspects:
        import polars as pl

        from dagster_project.lib.ingest.personal.free_text import mask_free_text

        masked = mask_free_text(pl.Series([told[number] for number in suspects], dtype=pl.String))
        for number, line in zip(suspects, masked, strict=True):
            told[number] = line
    return told
