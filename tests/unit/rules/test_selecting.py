"""Which models a trial builds, on a hand-made graph; and that what the kinds name is there in the project."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from dagster_project.lib.rules import kinds
from dagster_project.lib.rules.trial import selecting

MODELS = Path(__file__).resolve().parents[3] / "dbt" / "models"


def _manifest(tmp_path: Path, reads: dict[str, list[str]], slices: set[str] = frozenset()) -> Path:
    def node(name: str) -> dict[str, Any]:
        return {
            "name": name,
            "resource_type": "seed" if name == "rule" else "model",
            "depends_on": {"nodes": reads.get(name, [])},
            "tags": ["slice"] if name in slices else [],
        }

    names = {"rule", *reads, *(one for read in reads.values() for one in read)}
    path = tmp_path / "manifest.json"
    path.write_text(json.dumps({"nodes": {name: node(name) for name in names}}), "utf-8")
    return path


def test_only_what_lies_between_the_rule_and_the_marts_is_built(tmp_path: Path) -> None:
    """Not what the way reads from aside, nor what hangs on the rule and leads elsewhere."""
    reads = {"a": ["rule", "aside"], "mart": ["a", "b"], "b": ["aside"], "elsewhere": ["a"]}
    assert selecting.on_the_way(_manifest(tmp_path, reads), "rule", ["mart"]) == ["a", "mart", "rule"]


def test_no_way_leads_through_what_does_not_move(tmp_path: Path) -> None:
    reads = {"a": ["rule"], "still": ["a"], "after": ["still"], "mart": ["after", "a"]}
    found = selecting.on_the_way(_manifest(tmp_path, reads), "rule", ["mart"], ["still"])
    assert found == ["a", "mart", "rule"]


def test_a_slice_that_the_way_reads_is_built_whole(tmp_path: Path) -> None:
    """After an increment it holds touched orders alone; so does the slice that it reads."""
    reads = {"a": ["rule", "slice"], "slice": ["earlier", "kept"], "earlier": ["kept"], "mart": ["a"]}
    found = selecting.on_the_way(_manifest(tmp_path, reads, {"slice", "earlier"}), "rule", ["mart"])
    assert found == ["a", "earlier", "mart", "rule", "slice"]


def test_what_the_kinds_name_is_there() -> None:
    """A mart that is renamed would silently be left out of every trial."""
    models = {path.stem: path for path in MODELS.rglob("*.sql")}
    for kind in kinds.all_kinds().values():
        assert kind.moves
        assert all("marts" in models[name].parts for name in kind.moves)
        assert set(kind.unmoved) <= set(models)
        assert not any("materialized='view'" in models[name].read_text("utf-8") for name in kind.unmoved)
