"""Which models hang on a changed rule and lead to what is to be shown; read from dbt's manifest."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable, Mapping
from pathlib import Path

SLICE = "slice"
"""Tag of models that after an increment hold touched orders alone: who reads one builds it, too."""
_KINDS = ("model", "seed")


def on_the_way(manifest: Path, seed: str, targets: Iterable[str], unmoved: Collection[str] = ()) -> list[str]:
    """Names of the seed and of the models between it and the targets, targets included, sorted.

    No way leads through a model of `unmoved`: its rows do not change in what the targets read of them.
    """
    nodes = json.loads(manifest.read_text(encoding="utf-8"))["nodes"]
    parents = {
        node["name"]: [nodes[i]["name"] for i in node.get("depends_on", {}).get("nodes", ()) if i in nodes]
        for node in nodes.values()
        if node["resource_type"] in _KINDS
    }
    slices = {node["name"] for node in nodes.values() if SLICE in node.get("tags", ())}
    below = _below(parents, seed, frozenset(unmoved))
    above = _above(parents, [name for name in targets if name in below])
    return sorted(_with_slices(parents, below & above, slices))


def _below(parents: Mapping[str, list[str]], seed: str, unmoved: frozenset[str]) -> set[str]:
    found, grown = {seed}, True
    while grown:
        new = {name for name, read in parents.items() if name not in unmoved and found.intersection(read)}
        grown = not new <= found
        found |= new
    return found


def _above(parents: Mapping[str, list[str]], names: Iterable[str]) -> set[str]:
    found, waiting = set(names), list(names)
    while waiting:
        new = [name for name in parents[waiting.pop()] if name in parents and name not in found]
        found.update(new)
        waiting += new
    return found


def _with_slices(parents: Mapping[str, list[str]], names: set[str], slices: set[str]) -> set[str]:
    found, waiting = set(names), list(names)
    while waiting:
        new = [name for name in parents[waiting.pop()] if name in slices and name not in found]
        found.update(new)
        waiting += new
    return found
