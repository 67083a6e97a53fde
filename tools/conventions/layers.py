"""Which model may read which: sources -> staging -> intermediate -> marts, never back and never past a layer;
and a slice (dbt/macros/touched.sql) only by what is built of touched orders, too. A view is a slice or lasts.

Read from dbt's manifest, so that a ref() inside a macro counts as well. Names are not judged.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from tools.conventions.findings import Finding

MAY_READ: Mapping[str, frozenset[str]] = {
    "staging": frozenset({"source"}),
    "intermediate": frozenset({"staging", "intermediate", "seed"}),
    "marts": frozenset({"intermediate", "marts", "seed"}),
}
SLICE = "slice"
"""Tag of the models that hold only touched orders in an increment."""
LASTING = "lasting"
"""Tag of the views whose text says nothing of a run: left out of a run while the code is the same."""
WHY: Mapping[str, str] = {
    "staging": "staging renames, casts and trims sources, nothing else",
    "intermediate": "intermediate reads staged feeds and reference seeds; marts come after it",
    "marts": "marts read what intermediate has made of the feeds",
}


def check(manifest: Mapping[str, Any]) -> list[Finding]:
    """Findings over the project's own models and tests. `manifest` is dbt's manifest.json."""
    found = []
    for node in manifest["nodes"].values():
        path = f"dbt/{node.get('original_file_path')}"
        read = [manifest["nodes"].get(i) or manifest["sources"].get(i) for i in _reads(node)]
        for one in read:
            if one is not None and _is_slice(one) and not (_is_slice(node) or _is_kept(node)):
                text = f"may not read the slice {one['name']}: in an increment it has touched orders only"
                found.append(Finding(path, 1, "slice", text))
        if node["resource_type"] != "model":
            continue
        layer = _layer(node)
        if layer not in MAY_READ:
            text = "a model stands in models/staging, models/intermediate or models/marts"
            found.append(Finding(path, 1, "layer", text))
            continue
        if node["config"]["materialized"] == "view" and not {SLICE, LASTING} & set(node.get("tags", ())):
            text = f"a view has the tag {SLICE} (of touched orders) or {LASTING} (says nothing of a run)"
            found.append(Finding(path, 1, "view", text))
        for one in read:
            if one is not None and _layer(one) not in MAY_READ[layer]:
                text = f"may not read {_layer(one)} {one['name']}: {WHY[layer]}"
                found.append(Finding(path, 1, "layer", text))
    return found


def _reads(node: Mapping[str, Any]) -> Sequence[str]:
    """Ids of what a model reads, or a test in a file of its own; not one that stands beside a column."""
    if node["resource_type"] == "model" or (node["resource_type"] == "test" and "test_metadata" not in node):
        return list(node["depends_on"]["nodes"])
    return ()


def _is_slice(node: Mapping[str, Any]) -> bool:
    return SLICE in node.get("tags", ())


def _is_kept(node: Mapping[str, Any]) -> bool:
    return bool(node["config"]["materialized"] == "incremental")


def _layer(node: Mapping[str, Any]) -> str:
    """staging, intermediate, marts of a model, by its folder; else the resource type (source, seed, …)."""
    if node["resource_type"] != "model":
        return str(node["resource_type"])
    return str(node["fqn"][1])
