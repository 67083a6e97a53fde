"""Reading the chain of divisions out of folded texts: what the compiled walk finds, by column.

How a text is read stands in `kernel.py`; misspelt names belong in `typo.py`, roads and doors in `detail.py`.
"""

from __future__ import annotations

from dataclasses import dataclass, fields

import numpy as np
import numpy.typing as npt

from identity.addresses import finding, kernel, ordering, tables
from identity.addresses.texts import Texts

Bools = npt.NDArray[np.bool_]
Ints = npt.NDArray[np.int64]
_WORTH_ORDERING = 1_000
"""Fewer texts are read sooner in any order."""


@dataclass(frozen=True)
class Chains:
    """Per text: the node read (an entity, a group, or 0), where its chain ends in the text, and how it was
    read."""

    node: Ints
    end: Ints
    method: Ints
    inferred: Bools
    weak: Bools
    """Some form lacked its kind."""
    open_node: Ints
    """What was read where the text first went on with no form that could be read."""
    open_end: Ints
    conflict: Bools
    """Another chain with its district was read before, of another district."""
    begin: Ints
    """Where the chain begins in the text."""

    def replace(self, rows: Ints, other: Chains, taken: Bools) -> None:
        """Takes the chains of the rows from those of `other` that are taken, in their order."""
        for field in fields(self):
            getattr(self, field.name)[rows] = getattr(other, field.name)[taken]


def chains(texts: Texts, infer_town: bool) -> Chains:
    """The chain of divisions of each folded text; with `infer_town` a town alone may name its district."""
    out = np.zeros((len(texts), len(kernel.COLUMNS)), dtype=np.int64)
    spare = np.zeros((4, finding.MOST_MATCHES), dtype=np.int64)
    places = _places(texts)
    starts, stops = np.empty_like(texts.starts), np.empty_like(texts.stops)
    starts[places], stops[places] = texts.starts, texts.stops
    kernel.chains(tables.load(), texts.points, starts, stops, infer_town, spare, out)
    out = out.take(places, axis=0)
    node, end, method, inferred, weak, open_node, open_end, conflict, begin = out.T
    return Chains(node, end, method, inferred > 0, weak > 0, open_node, open_end, conflict > 0, begin)


def _places(texts: Texts) -> Ints:
    """Where each text stands when those of one district stand together."""
    if len(texts) < _WORTH_ORDERING:
        return np.arange(len(texts))
    places = np.empty(len(texts), dtype=np.int64)
    ordering.order(
        texts.points, texts.starts, texts.stops, np.zeros(ordering.BUCKETS + 1, dtype=np.int64), places
    )
    return places
