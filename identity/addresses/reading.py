"""What may be read at a position of a text: the forms there, what they mean after what was read, and what
forbids it.

A short name before a road's or a place's word is theirs (朝阳路 is not 朝阳区), unless the text goes on
with a division below it. The order of reading belongs in `walk.py`.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt
import polars as pl

from identity.addresses import forms as surface
from identity.addresses import trie
from identity.addresses.grammar import KEY_BASE, ROOT, Grammar

Ints = npt.NDArray[np.int64]
Bools = npt.NDArray[np.bool_]

_MOST_MATCHES = 8
"""Forms of different lengths looked at behind one position."""

_ROAD_NEXT, _ROAD_PAIRS = "路弄巷场", ("大道", "大街", "公路")
_KIND_NEXT = "号省市区县旗州盟店厂站#"
_PLACE_PAIRS = (
    *("东路", "西路", "南路", "北路", "中路", "东街", "西街", "南街", "北街", "一路", "二路", "三路", "环路"),
    *("大厦", "广场", "花园", "小区", "公寓", "国际", "新村", "家园", "酒店", "宾馆", "商城", "市场", "公园"),
    *("大学", "学院", "中学", "小学", "医院", "银行", "集团", "公司", "支行", "名苑", "名城", "华庭", "豪庭"),
)
"""What may follow a short name to make it that of a road, a place or a firm (朝阳路 is not 朝阳区)."""

_LONE_NEXT = "道街村庄里园苑镇乡屯桥楼栋座港0123456789"
"""What may follow a short name that nothing stands before (朝阳村)."""


class Batch:
    """The texts of a batch, with every match, and what stands after each."""

    def __init__(self, grammar: Grammar, texts: pl.Series) -> None:
        self.grammar = grammar
        self.flat, self.starts = trie.code_points(texts)
        self.matches = trie.find(grammar.trie, self.flat)
        self.ends = np.append(self.starts[1:] - 1, self.flat.size - 1)
        after = self.matches.position.astype(np.int64) + self.matches.length
        padded = np.append(self.flat, [0, 0, 0]).astype(np.int64)
        one, two = padded[after], padded[after + 1]
        street = (one == ord("街")) & (two != ord("道"))
        road = _among(one, _ROAD_NEXT) | street
        # After a full name the word may begin a road's name (东海县|路桥路), unless a number follows it.
        numbered = _among(two, "0123456789号") | (two == 0)
        self.is_road = (road & numbered) | _pairs(one, two, _ROAD_PAIRS)
        self.is_place = road | self.is_road | _among(one, _KIND_NEXT) | _pairs(one, two, _PLACE_PAIRS)
        self.is_lone_place = self.is_place | _among(one, _LONE_NEXT)
        any_match = np.diff(self.matches.first) > 0
        places = np.where(any_match, np.arange(any_match.size), any_match.size)
        self.next_match = np.minimum.accumulate(places[::-1])[::-1]

    def lookup(self, form: Ints, context: Ints) -> tuple[Ints, Bools]:
        """Row of the grammar's table for each (form, context), and whether there is one."""
        place = self.grammar.keys.find(form * KEY_BASE + context)
        return np.maximum(place, 0).astype(np.int64), place >= 0


class State:
    """Where each walk is and what it has read."""

    def __init__(self, count: int, start: Ints) -> None:
        self.position = start.copy()
        self.node = np.zeros(count, dtype=np.int64)
        self.end = start.copy()
        self.method = np.zeros(count, dtype=np.int8)
        self.inferred = np.zeros(count, dtype=np.bool_)
        self.weak = np.zeros(count, dtype=np.bool_)
        self.contiguous = np.ones(count, dtype=np.bool_)
        self.repeated = np.zeros(count, dtype=np.int64)
        self.restarted = np.zeros(count, dtype=np.bool_)

    def advance(self, rows: Ints, entry: Ints, length: Ints, grammar: Grammar) -> None:
        self.node[rows] = grammar.target[entry]
        self.method[rows] |= np.array([0, 1, 2], dtype=np.int8)[grammar.method[entry]]
        self.inferred[rows] |= grammar.inferred[entry]
        self.weak[rows] |= grammar.weak[entry]
        self.repeated[rows] = grammar.repeats[entry]
        self.position[rows] += length
        self.end[rows] = self.position[rows]
        self.contiguous[rows] = True

    def keep(self, rows: Ints, other: State) -> None:
        for name in ("node", "end", "method", "inferred", "weak"):
            getattr(self, name)[rows] = getattr(other, name)[rows]

    def reset(self, rows: Ints) -> None:
        """Forgets the chain but for what its last forms repeated; what comes next must be a whole new one."""
        self.node[rows] = self.repeated[rows]
        self.repeated[rows] = ROOT
        self.method[rows] = 0
        self.inferred[rows] = False
        self.weak[rows] = False
        self.restarted[rows] = True


def begins(batch: Batch, position: Ints) -> Bools:
    """Whether the full name of a province or a city stands at each position."""
    first, stop = batch.matches.first[position].astype(np.int64), batch.matches.first[position + 1]
    found = np.zeros(position.size, dtype=np.bool_)
    todo = np.flatnonzero(first < stop)
    root = np.zeros(1, dtype=np.int64)
    for turn in range(_MOST_MATCHES):
        todo = todo[first[todo] + turn < stop[todo]]
        if todo.size == 0:
            break
        match = first[todo] + turn
        row, exists = batch.lookup(batch.matches.form[match].astype(np.int64), root)
        high = ~batch.grammar.weak[row] & (batch.grammar.level[row] <= surface.CITY)
        found[todo] |= exists & high & ~batch.is_road[match]
    return found


def read(
    batch: Batch, state: State, rows: Ints, start: Ints, belief: tuple[bool, bool]
) -> tuple[Bools, Ints, Ints]:
    """The longest form at each row's position that may be read there: whether, its grammar row, its length.

    `belief`: short names and towns are believed anywhere; a town alone may name its district.
    """
    bold, infer_town = belief
    grammar, matches = batch.grammar, batch.matches
    position, node = state.position[rows], state.node[rows]
    near = state.contiguous[rows] & ((node != ROOT) | (position == start[rows]))
    first, stop = matches.first[position].astype(np.int64), matches.first[position + 1].astype(np.int64)
    hit = np.zeros(rows.size, dtype=np.bool_)
    postponed = np.zeros(rows.size, dtype=np.bool_)
    entry = np.zeros(rows.size, dtype=np.int64)
    length = np.zeros(rows.size, dtype=np.int64)
    todo = np.flatnonzero(first < stop)
    turn = 0
    while todo.size:
        match = first[todo] + turn
        row, good = batch.lookup(matches.form[match].astype(np.int64), node[todo])
        weak, level, lone = grammar.weak[row], grammar.level[row], node[todo] == ROOT
        doubtful = np.where(lone, batch.is_lone_place[match], batch.is_place[match])
        doubtful = np.where(weak, doubtful, batch.is_road[match]) | postponed[todo]
        good &= infer_town | ~grammar.inferred[row]
        good &= near[todo] | (~weak & (bold | (level < surface.TOWN))) | (bold & (level <= surface.CITY))
        # After a finished chain only a whole new one counts: its first name is a province or city in full.
        good &= ~(state.restarted[rows[todo]] & lone) | (~weak & (level <= surface.CITY))
        asked = np.flatnonzero(good & doubtful)
        good[asked] = _continues(batch, match[asked], row[asked])
        # A town before which nothing stands gives way to a shorter name that goes on (普洱|镇沅…).
        later = good & grammar.inferred[row] & lone & ~postponed[todo]
        taken = good & ~later
        chosen = todo[good]
        hit[chosen], entry[chosen], length[chosen] = True, row[good], matches.length[match[good]]
        postponed[todo[later]] = True
        turn += 1
        todo = todo[~taken]
        todo = todo[first[todo] + turn < stop[todo]]
    return hit, entry, length


def _continues(batch: Batch, match: Ints, row: Ints) -> Bools:
    """Whether, after each match is read as its grammar row, the text goes straight on with a form below
    it."""
    grammar, matches = batch.grammar, batch.matches
    after = matches.position[match].astype(np.int64) + matches.length[match]
    first, stop = matches.first[after].astype(np.int64), matches.first[after + 1]
    found = np.zeros(match.size, dtype=np.bool_)
    for turn in range(_MOST_MATCHES):
        todo = np.flatnonzero(~found & (first + turn < stop))
        if todo.size == 0:
            break
        following = first[todo] + turn
        below, exists = batch.lookup(
            matches.form[following].astype(np.int64), grammar.target[row[todo]].astype(np.int64)
        )
        sure = exists & (grammar.repeats[below] == 0) & (grammar.target[below] != grammar.target[row[todo]])
        found[todo] = sure & ~np.where(
            grammar.weak[below], batch.is_place[following], batch.is_road[following]
        )
    return found


def _among(points: Ints, characters: str) -> Bools:
    return np.isin(points, np.array([ord(c) for c in characters]))


def _pairs(one: Ints, two: Ints, pairs: Sequence[str]) -> Bools:
    return np.isin(one * KEY_BASE + two, np.array([ord(p[0]) * KEY_BASE + ord(p[1]) for p in pairs]))
