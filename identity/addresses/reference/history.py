"""Codes and names that are no longer in force, and what they are today.

The events of one package, the revisions of another and the current table are read together. What surface
forms are made of the result belongs in `forms.py`.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import Any

from identity.addresses.reference.names import short_name

Node = tuple[str, str]
"""(six-digit code, name)."""

FILLERS = {
    "市辖区",
    "县",
    "市",
    "省直辖县级行政区划",
    "自治区直辖县级行政区划",
    "省直辖行政单位",
    "省直辖县级行政单位",
}
EARLIEST = "199001"
"""Names that went out of force before this month are left out: codes were re-used too often before."""

SUCCESSORS = (
    ("330103", "下城区", "330105", "202104", "国函〔2021〕37号"),
    ("330104", "江干区", "330114", "202104", "国函〔2021〕37号"),
    ("330109", "萧山区", "330114", "202104", "国函〔2021〕37号"),
    ("330110", "余杭区", "330113", "202104", "国函〔2021〕37号"),
    ("410306", "吉利区", "410308", "202103", "国函〔2021〕28号"),
    ("500112", "渝北区", "500109", "202511", "2025 年重庆市部分行政区划调整"),
)
"""Successions that the packages lack or have wrong: parts of a district that went to a neighbour."""

CORRECTIONS = {
    ("320283", "锡山市"): "320205",
    ("420523", "枝江县"): "420583",
    ("530800", "思茅市"): "530802",
}
"""Where an event of the packages ends in a neighbour or in the city, and the name lives on in a district."""

ZONE_CODES = range(71, 80)
"""Last two digits of the codes that one revision (2018-10) gave to development zones: no divisions."""

_UNRELIABLE = {"码位改派", "新设", "驻地迁移"}


@dataclass(frozen=True)
class Legacy:
    """One old name and one present division that took over at least a part of it."""

    old_code: str
    old_name: str
    old_parent: str
    adcode: str
    valid_to: str
    source: str


def legacy_divisions(
    current: dict[str, tuple[str, str, str]], tables: dict[str, dict[str, str]], changes: list[dict[str, Any]]
) -> list[Legacy]:
    """Old (code, name) → current adcode, from the last revision that had it.

    `current`: code → (name, level, parent). Names without a provable successor are left out.
    """
    steps = _steps(changes)
    by_name: dict[tuple[str, str], set[str]] = defaultdict(set)
    by_stem: dict[tuple[str, str], set[str]] = defaultdict(set)
    for code, (name, level, _) in current.items():
        by_name[code[:2], name].add(code)
        if level != "province":
            by_stem[code[:4], short_name(name)].add(code)

    def successor(node: Node) -> tuple[str, str] | None:
        seen: set[Node] = set()
        while node not in seen:
            seen.add(node)
            if current.get(node[0], ("",))[0] == node[1]:
                return node[0], "event"
            if node not in steps:
                break
            node = steps[node]
        if len(short_name(node[1])) == len(node[1]):
            return None
        for last in (node, *seen):
            same = by_name[last[0][:2], last[1]]
            if len(same) == 1:
                return next(iter(same)), "same name in the province"
        for last in (node, *seen):
            stem = by_stem[last[0][:4], short_name(last[1])]
            if len(stem) == 1:
                return next(iter(stem)), "same stem in the city"
        return None

    found: dict[tuple[str, str, str], Legacy] = {}
    for (code, name), month in _last_seen(tables, changes).items():
        if month < EARLIEST or int(code[4:]) in ZONE_CODES or current.get(code, ("",))[0] == name:
            continue
        target = successor((code, name))
        if (code, name) in CORRECTIONS:
            target = CORRECTIONS[code, name], "correction"
        if target is not None:
            parent = _old_parent(code, tables, month)
            found[code, name, target[0]] = Legacy(code, name, parent, target[0], month, target[1])
    for old_code, name, adcode, month, source in SUCCESSORS:
        found[old_code, name, adcode] = Legacy(old_code, name, old_code[:4] + "00", adcode, month, source)
    return sorted(found.values(), key=lambda row: (row.old_code, row.old_name, row.adcode))


def _steps(changes: list[dict[str, Any]]) -> dict[Node, Node]:
    """Old node → new node; the latest event wins, and an event never turns a name into itself."""
    steps: dict[Node, Node] = {}
    for change in sorted(changes, key=lambda c: c["year"]):
        old, new = change["old"], change["new"]
        if change["type"] in _UNRELIABLE or not (old["code"] and new["code"] and old["name"] and new["name"]):
            continue
        before, after = (old["code"][:6], old["name"]), (new["code"][:6], new["name"])
        if before != after:
            steps[before] = after
    return steps


def _last_seen(tables: dict[str, dict[str, str]], changes: list[dict[str, Any]]) -> dict[Node, str]:
    seen: dict[Node, str] = {}
    for month, table in tables.items():
        for code, name in table.items():
            if name not in FILLERS:
                seen[code, name] = month
    newest = max(tables)
    for change in changes:
        old = change["old"]
        if (
            old["code"]
            and old["name"]
            and change["year"] >= int(newest[:4])
            and change["type"] not in _UNRELIABLE
        ):
            node = (old["code"][:6], old["name"])
            seen[node] = max(seen.get(node, ""), f"{change['year']}12" if node not in seen else seen[node])
    return seen


def _old_parent(code: str, tables: dict[str, dict[str, str]], month: str) -> str:
    table = tables.get(month, {})
    city = code[:4] + "00"
    if code != city and city in table and table[city] not in FILLERS:
        return city
    return code[:4] + "00" if code != city and month not in tables else code[:2] + "0000"
