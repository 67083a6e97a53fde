"""Reading the chain of divisions out of folded texts: all texts of a batch take each step together.

At a position the longest form that means something after what was read is taken; where none does, the
walk moves on to the next form. A later chain that reaches a district replaces an earlier one. Tables
come from `grammar.py`; misspelt names belong in `typo.py`, roads and doors in `detail.py`.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import polars as pl

from identity.addresses import forms as surface
from identity.addresses import reading
from identity.addresses.grammar import ROOT, Grammar

Bools = npt.NDArray[np.bool_]
Ints = npt.NDArray[np.int64]


@dataclass(frozen=True)
class Chains:
    """Per text: the node read (an entity, a group, or 0), where its chain ends in the text, and how it was
    read."""

    node: Ints
    end: Ints
    method: npt.NDArray[np.int8]
    inferred: Bools
    weak: Bools
    """Some form lacked its kind."""
    open_node: Ints
    """What was read where the text first went on with no form that could be read."""
    open_end: Ints


def chains(grammar: Grammar, texts: pl.Series, infer_town: bool) -> Chains:
    """The chain of divisions of each folded text.

    A first walk believes only full names away from the start of the text; texts without a district are walked
    again, believing short names and (if `infer_town`) towns anywhere.
    """
    batch = reading.Batch(grammar, texts)
    strict = _walk(batch, np.arange(texts.len()), bold=False, infer_town=infer_town)
    rank = grammar.rank[strict.node]
    poor = np.flatnonzero(rank < surface.DISTRICT)
    if poor.size == 0:
        return strict
    bold = _walk(batch, poor, bold=True, infer_town=infer_town)
    undecided = (bold.node >= grammar.first_group) & (grammar.rank[bold.node] == 0)
    better = (grammar.rank[bold.node] > rank[poor]) | (strict.node[poor] == ROOT)
    # An undecided group tells more than a province or a city above all of its members.
    better |= undecided & (strict.node[poor] < grammar.first_group)
    chosen = poor[better]
    for kept, offered in zip(fields(strict), fields(bold), strict=True):
        kept[chosen] = offered[better]
    return strict


def fields(found: Chains) -> tuple[npt.NDArray[np.generic], ...]:
    """The arrays that a better chain replaces."""
    return found.node, found.end, found.method, found.inferred, found.weak, found.open_node, found.open_end


def _walk(batch: reading.Batch, rows: Ints, bold: bool, infer_town: bool) -> Chains:
    """Walks the texts of the rows; everything in the result is relative to the rows given."""
    grammar = batch.grammar
    count = rows.size
    start, stop = batch.starts[rows], batch.ends[rows]
    state, best, opening = (
        reading.State(count, start),
        reading.State(count, start),
        reading.State(count, start),
    )
    opened = np.zeros(count, dtype=np.bool_)
    active = np.arange(count)
    while active.size:
        hit, entry, length = reading.read(batch, state, active, start, (bold, infer_town))
        state.advance(active[hit], entry[hit], length[hit], grammar)
        stuck = active[~hit]
        first_time = stuck[~opened[stuck]]
        opening.keep(first_time, state)
        opened[first_time] = True
        # A chain with its district is put away; one without is, too, where another begins. The walk goes
        # on from the same place: after what the last forms repeated, or from nothing.
        settled = grammar.settled[state.node[stuck]]
        again = (~settled & (state.node[stuck] != ROOT)) & (
            (state.restarted[stuck] & ~settled) | reading.begins(batch, state.position[stuck])
        )
        best.keep(stuck[settled | (again & (best.node[stuck] == ROOT))], state)
        state.reset(stuck[settled | again])
        onward = stuck[~(settled | again)]
        state.position[onward] = batch.next_match[np.minimum(state.position[onward] + 1, batch.flat.size)]
        state.contiguous[stuck] = False
        active = active[state.position[active] < stop[active]]
    closed = grammar.settled[state.node] | (best.node == ROOT)
    best.keep(np.flatnonzero(closed), state)
    opening.keep(np.flatnonzero(~opened), state)
    return Chains(
        best.node, best.end - start, best.method, best.inferred, best.weak, opening.node, opening.end - start
    )
