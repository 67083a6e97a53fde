"""Compiled: the chain of divisions of one folded text, character by character.

At a position the longest form that means something after what was read is taken; where none does, the
walk moves on to the next form. A later chain that reaches a district replaces an earlier one. A short
name before a road's or a place's word is theirs (朝阳路 is not 朝阳区), unless the text goes on with a
division below it. Time is linear in the text: a position is looked at three times at most.

Compiled functions take arrays one by one: a tuple of arrays costs a count of references at every use.
"""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np

from identity.addresses.compiling import Array, compiled, inlined
from identity.addresses.finding import behind, find_wide, matches, may_stand
from identity.addresses.grammar import (
    CONTEXT_BITS,
    INFERRED_AT,
    LEVEL_AT,
    METHOD_AT,
    REPEATS_AT,
    ROOT,
    WEAK_AT,
)
from identity.addresses.tables import IS_LONE_PLACE, IS_PLACE, IS_ROAD, Tables

_CITY, _DISTRICT, _TOWN = 2, 3, 4
_NODE_MASK = (1 << CONTEXT_BITS) - 1
COLUMNS = ("node", "end", "method", "inferred", "weak", "open_node", "open_end", "conflict", "begin")
"""Of the result of `chains`."""


class Read(NamedTuple):
    """What a walk has read: node, where its first form begins and its last ends, and how it was read."""

    node: int
    begin: int
    end: int
    method: int
    inferred: int
    weak: int


@inlined
def _reading(root: Array, entries: Array, form: int, node: int) -> int:
    """The reading of a form in a context, −1 for none."""
    if node == ROOT:
        return root[form]
    return find_wide(entries, (form << CONTEXT_BITS) | node)


@inlined
def _differ(settled: Array, region: Array, one: int, other: int) -> bool:
    """Whether both are chains with their district, and of different ones."""
    return settled[one] and settled[other] and region[one] != region[other]


@inlined
def _kept(region: Array, best: Read, now: Read) -> Read:
    """The later chain; one that but repeats the district of the earlier keeps its town."""
    node = best.node if region[best.node] == now.node else now.node
    return Read(node, now.begin, now.end, now.method, now.inferred, now.weak)


@inlined
def walk(  # noqa: PLR0912, PLR0915 (one loop: what is called is paid for at every character)
    ids: Array, pairs: Array, shelves: Array, entries: Array, root: Array,
    near_filter: Array, high_filter: Array, settled: Array, region: Array, kinds: Array, places: Array,
    road_places: int, text: Array, start: int, stop: int, bold: bool, infer_town: bool, spare: Array,
) -> tuple[Read, Read, bool]:  # fmt: skip
    """What is read of text[start:stop]; what had been read where it first went on unread; whether two whole
    chains contradict each other.

    `bold`: short names and towns are believed anywhere; `infer_town`: a town alone may name its district.
    `spare`: four rows of room for matches.
    """
    forms, lengths, below_forms, below_lengths = spare[0], spare[1], spare[2], spare[3]
    best = Read(ROOT, start, start, 0, 0, 0)
    opening, opened, conflict = best, False, False
    node: Any = ROOT
    begin, end, method, inferred, weak = start, start, 0, 0, 0
    begun = False
    repeated, contiguous, restarted = ROOT, True, False
    position: Any = start
    while position < stop:
        if restarted and node == ROOT:
            # After a finished chain only a whole new one counts: first a province or city in full.
            while position < stop and not may_stand(ids, high_filter, text, position):
                position += 1
            if position >= stop:
                break
        count = 0
        if may_stand(ids, near_filter, text, position):
            count = matches(ids, pairs, shelves, text, position, forms, lengths)
        near = contiguous and (node != ROOT or position == start)
        lone = node == ROOT
        hit: Any = np.int64(-1)
        hit_length, postponed, refused = np.int64(0), False, False
        for place in range(count):
            row = _reading(root, entries, forms[place], node)
            if row < 0:
                continue
            is_weak, level, by_town = (row >> WEAK_AT) & 1, (row >> LEVEL_AT) & 7, (row >> INFERRED_AT) & 1
            if by_town and not infer_town:
                continue
            if not near and not (is_weak == 0 and (bold or level < _TOWN)) and not (bold and level <= _CITY):
                continue
            if restarted and lone and (is_weak or level > _CITY):
                continue
            mask = (IS_LONE_PLACE if lone else IS_PLACE) if is_weak else IS_ROAD
            after = position + lengths[place]
            # Of a longer name that a place has (清水河大厦) no shorter one is read.
            if refused and is_weak:
                continue
            if postponed or behind(kinds, places, road_places, text, after) & mask != 0:
                # Believed only if the text goes straight on with a form below.
                target, goes_on, below_count = row & _NODE_MASK, False, 0
                if may_stand(ids, near_filter, text, after):
                    below_count = matches(ids, pairs, shelves, text, after, below_forms, below_lengths)
                for other in range(below_count):
                    below = _reading(root, entries, below_forms[other], target)
                    if below < 0 or (below >> REPEATS_AT) & _NODE_MASK != 0 or below & _NODE_MASK == target:
                        continue
                    mask = IS_PLACE if (below >> WEAK_AT) & 1 else IS_ROAD
                    if behind(kinds, places, road_places, text, after + below_lengths[other]) & mask == 0:
                        goes_on = True
                        break
                if not goes_on:
                    refused = refused or (lone and is_weak > 0)
                    continue
            hit, hit_length = row, lengths[place]
            # A town before which nothing stands gives way to a shorter name that goes on (普洱|镇沅…).
            if not (by_town and lone) or postponed:
                break
            postponed = True
        if hit >= 0:
            node = hit & _NODE_MASK
            repeated = (hit >> REPEATS_AT) & _NODE_MASK
            method |= (hit >> METHOD_AT) & 3
            inferred |= (hit >> INFERRED_AT) & 1
            weak |= (hit >> WEAK_AT) & 1
            begin, begun = begin if begun else position, True
            position += hit_length
            end = position
            contiguous = True
            continue
        now = Read(node, begin, end, method, inferred, weak)
        if not opened:
            opening, opened = now, True
        # A chain with its district is put away; one without is, too, where another begins. The walk goes
        # on from the same place: after what the last forms repeated, or from nothing.
        closed = settled[node]
        again = node != ROOT and (closed or restarted)
        if node != ROOT and not again and count > 0 and may_stand(ids, high_filter, text, position):
            for place in range(count):
                row = root[forms[place]]
                if row >= 0 and (row >> WEAK_AT) & 1 == 0 and (row >> LEVEL_AT) & 7 <= _CITY:
                    after = position + lengths[place]
                    if behind(kinds, places, road_places, text, after) & IS_ROAD == 0:
                        again = True
                        break
        if closed or (again and best.node == ROOT):
            conflict = conflict or _differ(settled, region, best.node, node)
            best = _kept(region, best, now)
        if again:
            node, method, inferred, weak, begun = repeated, 0, 0, 0, False
            repeated, restarted = ROOT, True
        else:
            position += 1
            while position < stop and not may_stand(ids, near_filter, text, position):
                position += 1
        contiguous = False
    now = Read(node, begin, end, method, inferred, weak)
    if settled[node] or best.node == ROOT:
        conflict = conflict or _differ(settled, region, best.node, node)
        best = _kept(region, best, now)
    return best, opening if opened else now, conflict


@compiled
def chains(
    t: Tables, text: Array, starts: Array, stops: Array, infer_town: bool, spare: Array, out: Array
) -> None:
    """Writes `COLUMNS` of each text to a row of `out`; ends are counted from the text's start.

    A first walk believes only full names away from the start of the text; texts without a district are walked
    again, believing short names and (if `infer_town`) towns anywhere. `spare`: room for `walk`.
    """
    ids, pairs, shelves, entries, root = (
        t.ids, t.pairs, t.shelves, t.entries, t.root,
    )  # fmt: skip
    near, high, settled, region, kinds, places, road_places = (
        t.near, t.high, t.settled, t.region, t.kinds, t.places, t.road_places,
    )  # fmt: skip
    rank, first_group = t.rank, t.first_group
    for row in range(starts.size):
        start, stop = starts[row], stops[row]
        best = Read(ROOT, start, start, 0, 0, 0)
        opening, conflict = best, False
        for bold in (False, True):
            found, found_opening, found_conflict = walk(
                ids, pairs, shelves, entries, root, near, high, settled, region, kinds,
                places, road_places, text, start, stop, bold, infer_town, spare,
            )  # fmt: skip
            # An undecided group tells more than a province or a city above all of its members.
            undecided = found.node >= first_group and rank[found.node] == 0 and best.node < first_group
            if best.node == ROOT or rank[found.node] > rank[best.node] or undecided:
                best, opening, conflict = found, found_opening, found_conflict
            if rank[best.node] >= _DISTRICT:
                break
        out[row, 0], out[row, 1], out[row, 2] = best.node, best.end - start, best.method
        out[row, 3], out[row, 4] = best.inferred, best.weak
        out[row, 5], out[row, 6], out[row, 7] = opening.node, opening.end - start, conflict
        out[row, 8] = best.begin - start
