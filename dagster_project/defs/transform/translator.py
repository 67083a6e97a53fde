"""How dbt nodes are named and grouped in Dagster: sources are earlier stages' assets, marts go by group."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import dagster as dg
from dagster_dbt import DagsterDbtTranslator

SOURCES = {
    "addresses": ["identity", "addresses"],
    "places": ["identity", "places"],
    "divisions": ["identity", "divisions"],
    "members": ["identity", "customers"],
    "golden": ["identity", "golden"],
    "identity_quality": ["identity", "quality"],
    "quality_found": ["quality", "found"],
    "quality_checked": ["quality", "checked"],
    "quality_standing": ["quality", "standing"],
    "quality_scores": ["quality", "scores"],
}
"""dbt sources that another stage than ingestion writes."""


class Translator(DagsterDbtTranslator):
    """Asset keys `<layer>/<model>`, groups `staging`, `intermediate`, `marts_<group>`, `reference`."""

    def get_asset_key(self, dbt_resource_props: Mapping[str, Any]) -> dg.AssetKey:
        """Sources: `lake/<table>` or an earlier asset; models: layer, name; seeds: `reference/<name>`."""
        name = dbt_resource_props["name"]
        if dbt_resource_props["resource_type"] == "source":
            return dg.AssetKey(SOURCES.get(name, ["lake", name]))
        return dg.AssetKey([_layer(dbt_resource_props), name])

    def get_group_name(self, dbt_resource_props: Mapping[str, Any]) -> str | None:
        """The layer; marts by their dbt group, so that the graph shows one box for each subject."""
        layer = _layer(dbt_resource_props)
        group = dbt_resource_props.get("group") or (dbt_resource_props.get("config") or {}).get("group")
        return f"{layer}_{group}" if layer == "marts" and group else layer

    def get_tags(self, dbt_resource_props: Mapping[str, Any]) -> Mapping[str, str]:
        """The stage, beside dbt's own tags."""
        return {**super().get_tags(dbt_resource_props), "stage": "transform"}


def _layer(props: Mapping[str, Any]) -> str:
    if props["resource_type"] == "seed":
        return "reference"
    return str(props["fqn"][1]) if len(props["fqn"]) > 2 else "other"
