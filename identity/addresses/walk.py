"""Reading the chain of divisions out of folded texts: all texts of a batch take each step together.

At a position the longest form that means something after what was read is taken; where none does, the walk moves
on to the next form. A later chain that reaches a district replaces an earlier one. Tables come from `grammar.py`;
misspelt names belong in `typo.py`, roads and doors in `detail.py`.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import polars as pl

from identity.addresses import forms as surface
from identity.addresses import trie
from identity.addresses.grammar import KEY_BASE, ROOT, Grammar

Bools = npt.NDArray[np.bool_]
Ints = npt.NDArray[np.int64]
_ROAD_NEXT = np.array([ord(c) for c in "路弄巷"])
_ROAD_PAIRS = ("大道", "大街", "公路")
_PLACE_NEXT = np.array(
    [ord(c) for c in "路弄巷街道村庄里园苑镇乡屯桥号店厂楼栋座省市区县旗州盟站港0123456789"]
)
_PLACE_PAIRS = (
    *_ROAD_PAIRS, "东路", "西路", "南路", "北路", "中路", "东街", "西街", "南街", "北街", "一路", "二路", "三路",
    "大厦", "广场", "花园", "小区", "公寓", "国际", "新村", "新城", "家园", "酒店", "宾馆", "商城", "市场", "公园",
    "大学", "学院", "中学", "小学", "医院", "银行", "集团", "公司", "支行", "名苑", "名城", "华庭", "豪庭",
)  # fmt: skip
"""What may follow a name to make it that of a road, a place or a firm (朝阳路 is not 朝阳区)."""


@dataclass(frozen=True)
class Chains:
    """Per text: the node read (an entity, a group, or 0), where its chain ends in the text, and how it was read."""

    node: Ints
    end: Ints
    method: npt.NDArray[np.int8]
    inferred: Bools
    weak: Bools
    """Some form lacked its kind."""


class _Batch:
    """The texts of a batch, with every match, and what stands after each."""

    def __init__(self, grammar: Grammar, texts: pl.Series) -> None:
        self.grammar = grammar
        self.flat, self.starts = trie.code_points(texts)
        self.matches = trie.find(grammar.trie, self.flat)
        self.ends = np.append(self.starts[1:] - 1, self.flat.size - 1)
        after = self.matches.position.astype(np.int64) + self.matches.length
        padded = np.append(self.flat, [0, 0, 0]).astype(np.int64)
        one, two = padded[after], padded[after + 1]
        road = _ROAD_NEXT
        street = (one == ord("街")) & (two != ord("道"))
        self.is_road = np.isin(one, road) | street | _pairs(one, two, _ROAD_PAIRS)
        self.is_place = self.is_road | np.isin(one, _PLACE_NEXT) | _pairs(one, two, _PLACE_PAIRS)
        any_match = np.diff(self.matches.first) > 0
        places = np.where(any_match, np.arange(any_match.size), any_match.size)
        self.next_match = np.minimum.accumulate(places[::-1])[::-1]

    def lookup(self, form: Ints, context: Ints) -> tuple[Ints, Bools]:
        """Row of the grammar's table for each (form, context), and whether there is one."""
        key = form * KEY_BASE + context
        place = np.minimum(np.searchsorted(self.grammar.keys, key), self.grammar.keys.size - 1)
        return place, self.grammar.keys[place] == key


def _pairs(one: Ints, two: Ints, pairs: tuple[str, ...]) -> Bools:
    return np.isin(one * KEY_BASE + two, np.array([ord(p[0]) * KEY_BASE + ord(p[1]) for p in pairs]))


def chains(grammar: Grammar, texts: pl.Series, infer_town: bool) -> Chains:
    """The chain of divisions of each folded text.

    A first walk believes only full names away from the start of the text; texts without a district are walked
    again, believing short names and (if `infer_town`) towns anywhere.
    """
    batch = _Batch(grammar, texts)
    strict = _walk(batch, np.arange(texts.len()), bold=False, infer_town=infer_town)
    level = _node_level(grammar, strict.node)
    poor = np.flatnonzero((level < surface.DISTRICT) | (strict.node >= grammar.first_group))
    if poor.size == 0:
        return strict
    bold = _walk(batch, poor, bold=True, infer_town=infer_town)
    better = (_node_level(grammar, bold.node) > level[poor]) | (strict.node[poor] == ROOT)
    better &= ~((bold.node >= grammar.first_group) & (strict.node[poor] != ROOT))
    chosen = poor[better]
    for kept, offered in zip(_fields(strict), _fields(bold), strict=True):
        kept[chosen] = offered[better]
    return strict


def _fields(found: Chains) -> tuple[npt.NDArray[np.generic], ...]:
    return found.node, found.end, found.method, found.inferred, found.weak


def _node_level(grammar: Grammar, node: Ints) -> Ints:
    """Level of the node; 0 for a group."""
    levels = grammar.table["level"].to_numpy()
    return np.where(node < grammar.first_group, levels[np.minimum(node, grammar.first_group - 1)], 0).astype(
        np.int64
    )


def _walk(batch: _Batch, rows: Ints, bold: bool, infer_town: bool) -> Chains:
    """Walks the texts of the rows; everything in the result is relative to the rows given."""
    grammar = batch.grammar
    count = rows.size
    start, stop = batch.starts[rows], batch.ends[rows]
    state = _State(count, start)
    best = _State(count, start)
    active = np.arange(count)
    while active.size:
        hit, entry, length = _read(batch, state, active, start, bold, infer_town)
        moved = active[hit]
        taken = entry[hit]
        state.advance(moved, taken, length[hit], grammar)
        # What has no form to take moves on to the next one; a chain that has its district is put away, and the walk
        # goes on for another chain.
        stuck = active[~hit]
        done = stuck[_settled(grammar, state.node[stuck])]
        best.keep(done, state)
        state.reset(done)
        state.position[stuck] = batch.next_match[
            np.minimum(state.position[stuck] + 1, batch.next_match.size - 1)
        ]
        state.contiguous[stuck] = False
        active = active[state.position[active] < stop[active]]
    last = np.flatnonzero(_settled(grammar, state.node) | (best.node == ROOT))
    best.keep(last, state)
    return Chains(best.node, best.end - start, best.method, best.inferred, best.weak)


def _settled(grammar: Grammar, node: Ints) -> Bools:
    return _node_level(grammar, node) >= surface.DISTRICT


class _State:
    """Where each walk is and what it has read."""

    def __init__(self, count: int, start: Ints) -> None:
        self.position = start.copy()
        self.node = np.zeros(count, dtype=np.int64)
        self.end = start.copy()
        self.method = np.zeros(count, dtype=np.int8)
        self.inferred = np.zeros(count, dtype=np.bool_)
        self.weak = np.zeros(count, dtype=np.bool_)
        self.contiguous = np.ones(count, dtype=np.bool_)
        self.restarted = np.zeros(count, dtype=np.bool_)

    def advance(self, rows: Ints, entry: Ints, length: Ints, grammar: Grammar) -> None:
        self.node[rows] = grammar.target[entry]
        self.method[rows] |= np.array([0, 1, 2], dtype=np.int8)[grammar.method[entry]]
        self.inferred[rows] |= grammar.inferred[entry]
        self.weak[rows] |= grammar.weak[entry]
        self.position[rows] += length
        self.end[rows] = self.position[rows]
        self.contiguous[rows] = True

    def keep(self, rows: Ints, other: _State) -> None:
        for name in ("node", "end", "method", "inferred", "weak"):
            getattr(self, name)[rows] = getattr(other, name)[rows]

    def reset(self, rows: Ints) -> None:
        """Forgets the chain; what comes next must be a whole new one."""
        self.node[rows] = ROOT
        self.method[rows] = 0
        self.inferred[rows] = False
        self.weak[rows] = False
        self.restarted[rows] = True


def _read(
    batch: _Batch, state: _State, rows: Ints, start: Ints, bold: bool, infer_town: bool
) -> tuple[Bools, Ints, Ints]:
    """The longest form at each row's position that may be read there: whether, its grammar row, its length."""
    grammar, matches = batch.grammar, batch.matches
    position, node = state.position[rows], state.node[rows]
    at_start = position == start[rows]
    near = state.contiguous[rows] & ((node != ROOT) | at_start)
    first, stop = matches.first[position].astype(np.int64), matches.first[position + 1].astype(np.int64)
    hit = np.zeros(rows.size, dtype=np.bool_)
    entry = np.zeros(rows.size, dtype=np.int64)
    length = np.zeros(rows.size, dtype=np.int64)
    todo = np.flatnonzero(first < stop)
    turn = 0
    while todo.size:
        match = first[todo] + turn
        row, exists = batch.lookup(matches.form[match].astype(np.int64), node[todo])
        weak, level = grammar.weak[row], grammar.level[row]
        good = exists & ~np.where(weak, batch.is_place[match], batch.is_road[match])
        if not infer_town:
            good &= ~grammar.inferred[row]
        believed = near[todo] | (~weak & (level < surface.TOWN))
        if bold:
            believed |= ~weak | (level <= surface.CITY)
        good &= believed
        # After a finished chain only a whole new one counts: it begins with the full name of a province or a city.
        good &= ~(state.restarted[rows[todo]] & (node[todo] == ROOT)) | (~weak & (level <= surface.CITY))
        chosen = todo[good]
        hit[chosen], entry[chosen], length[chosen] = True, row[good], matches.length[match[good]]
        turn += 1
        todo = todo[~good]
        todo = todo[first[todo] + turn < stop[todo]]
    return hit, entry, length
