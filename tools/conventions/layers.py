"""Which model may read which: sources -> staging -> intermediate -> marts, never back and never past a layer.

Read from dbt's manifest, so that a ref() inside a macro counts as well. Names are not judged.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from tools.conventions.findings import Finding

MAY_READ: Mapping[str, frozenset[str]] = {
    "staging": frozenset({"source"}),
    "intermediate": frozenset({"staging", "intermediate", "seed"}),
    "marts": frozenset({"intermediate", "marts", "seed"}),
}
WHY: Mapping[str, str] = {
    "staging": "staging renames, casts and trims sources, nothing else",
    "intermediate": "intermediate reads staged feeds and reference seeds; marts come after it",
    "marts": "marts read what intermediate has made of the feeds",
}


def check(manifest: Mapping[str, Any]) -> list[Finding]:
    """Findings over the project's own models. `manifest` is dbt's manifest.json."""
    found = []
    for node in manifest["nodes"].values():
        if node["resource_type"] != "model":
            continue
        layer = _layer(node)
        path = f"dbt/{node['original_file_path']}"
        if layer not in MAY_READ:
            text = "a model stands in models/staging, models/intermediate or models/marts"
            found.append(Finding(path, 1, "layer", text))
            continue
        for unique_id in node["depends_on"]["nodes"]:
            read = manifest["nodes"].get(unique_id) or manifest["sources"].get(unique_id)
            if read is not None and _layer(read) not in MAY_READ[layer]:
                text = f"may not read {_layer(read)} {read['name']}: {WHY[layer]}"
                found.append(Finding(path, 1, "layer", text))
    return found


def _layer(node: Mapping[str, Any]) -> str:
    """staging, intermediate, marts of a model, by its folder; else the resource type (source, seed, …)."""
    if node["resource_type"] != "model":
        return str(node["resource_type"])
    return str(node["fqn"][1])
