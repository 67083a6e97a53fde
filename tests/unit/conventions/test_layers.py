"""The layers of the dbt project, checked on manifests made by hand."""

from __future__ import annotations

from typing import Any

import pytest

from tools.conventions import layers


def _model(folder: str, name: str, *reads: str) -> dict[str, Any]:
    return {
        "resource_type": "model",
        "name": name,
        "fqn": ["luyue", *folder.split("/"), name],
        "original_file_path": f"models/{folder}/{name}.sql",
        "depends_on": {"nodes": list(reads)},
        "tags": [],
        "config": {"materialized": "table"},
    }


def _manifest(*models: dict[str, Any]) -> dict[str, Any]:
    nodes = {f"model.luyue.{m['name']}": m for m in models}
    nodes["seed.luyue.weights"] = {"resource_type": "seed", "name": "weights"}
    return {
        "nodes": nodes,
        "sources": {"source.luyue.lake.orders": {"resource_type": "source", "name": "orders"}},
    }


STAGED = _model("staging", "stg_orders", "source.luyue.lake.orders")
MIDDLE = _model("intermediate/orders", "int_orders__merged", "model.luyue.stg_orders", "seed.luyue.weights")
MART = _model("marts/core", "fct_orders", "model.luyue.int_orders__merged", "seed.luyue.weights")


def test_the_way_forward_passes() -> None:
    """Sources, staging, intermediate, marts; seeds from intermediate on; a mart may read another mart."""
    report = _model("marts/experience", "rpt_index", "model.luyue.fct_orders")
    assert layers.check(_manifest(STAGED, MIDDLE, MART, report)) == []


@pytest.mark.parametrize(
    ("folder", "read", "named"),
    [
        ("marts/core", "model.luyue.stg_orders", "staging stg_orders"),
        ("marts/core", "source.luyue.lake.orders", "source orders"),
        ("intermediate/orders", "model.luyue.fct_orders", "marts fct_orders"),
        ("intermediate/orders", "source.luyue.lake.orders", "source orders"),
        ("staging", "model.luyue.int_orders__merged", "intermediate int_orders__merged"),
        ("staging", "seed.luyue.weights", "seed weights"),
        ("staging", "model.luyue.stg_orders", "staging stg_orders"),
    ],
)
def test_a_read_past_or_against_the_layers_is_found(folder: str, read: str, named: str) -> None:
    """Hurt is who changes a source: staging is the one place where its columns are named."""
    found = layers.check(_manifest(STAGED, MIDDLE, MART, _model(folder, "bad", read)))
    assert [(f.path, named in f.text) for f in found] == [(f"dbt/models/{folder}/bad.sql", True)]


def test_a_model_outside_the_three_folders_is_found() -> None:
    """A fourth folder would be a layer without rules."""
    found = layers.check(_manifest(_model("reports", "daily")))
    assert [f.rule for f in found] == ["layer"]


def test_a_slice_is_read_by_slices_and_kept_models_alone() -> None:
    """Hurt is who counts orders: in an increment a slice has the touched ones only."""
    part = _model("intermediate/orders", "int_orders__part") | {"tags": ["slice"]}
    read = "model.luyue.int_orders__part"
    next_part = _model("intermediate/orders", "int_orders__next", read) | {"tags": ["slice"]}
    kept = _model("intermediate/orders", "int_orders__kept", read)
    kept["config"] = {"materialized": "incremental"}
    whole = _model("intermediate/orders", "int_orders__whole", read)
    test = whole | {"name": "assert_all", "resource_type": "test", "original_file_path": "tests/all.sql"}
    found = layers.check(_manifest(part, next_part, kept, whole, test))
    assert [(f.rule, f.path) for f in found] == [
        ("slice", "dbt/models/intermediate/orders/int_orders__whole.sql"),
        ("slice", "dbt/tests/all.sql"),
    ]


@pytest.mark.parametrize(("tags", "is_found"), [([], True), (["slice"], False), (["lasting"], False)])
def test_a_view_says_whether_it_lasts(tags: list[str], is_found: bool) -> None:
    """One that says neither would be made anew in each run; hurt is the daily run's minute."""
    view = _model("intermediate/orders", "int_orders__seen", "model.luyue.stg_orders")
    view |= {"tags": tags, "config": {"materialized": "view"}}
    assert [f.rule for f in layers.check(_manifest(STAGED, view))] == ["view"] * is_found
