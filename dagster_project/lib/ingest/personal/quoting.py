"""Words of a file inside a sentence to people: short, and without what looks like a personal value.

Where columns have slipped, a header or a state may be any cell.
"""

from __future__ import annotations

from collections.abc import Iterable

import polars as pl

from dagster_project.lib.ingest.personal.free_text import mask_free_text

LONGEST = 60
"""Characters of a word that are quoted."""


def quoted(words: Iterable[str]) -> list[str]:
    """The words as they may stand in a notice."""
    given = list(words)
    shown = pl.Series([" ".join(word[: LONGEST + 1].split()) for word in given], dtype=pl.String)
    masked = mask_free_text(shown).to_list()
    return [f"{word[:LONGEST]}…" if len(word) > LONGEST else word for word in masked]
