"""Contracts that a slip of the hand has changed: told in one line, or usable on a real file; no crash."""

from __future__ import annotations

import json
import random
import shutil
from pathlib import Path
from typing import Any

import pytest
import yaml
from support.channel_exports import exports
from support.ingest_files import AT, KEY

from dagster_project.lib.ingest.batch import build_batch
from dagster_project.lib.ingest.contracts.contract import load_contract
from dagster_project.lib.ingest.contracts.exported import exported_at
from dagster_project.lib.ingest.contracts.folders import COLUMN_MAP_FILE, CONTRACT_FILE
from dagster_project.lib.ingest.errors import ContractError
from dagster_project.lib.ingest.origin import Origin
from dagster_project.settings import BUILT_IN_CHANNELS

FILES = {export.source: export for export in exports()}
SLIPS = (
    'null', '1', '-1', '1.5', 'true', '""', '"x"', '"("', '[]', '["x"]', '[1]', '{}', '{"x": "y"}',
    '{"x": 1}', '"{a"', '"{channel:%Q}"', '"\\n"', '"channel_order_id"', '"ordered_at"', '"status_raw"',
    '"quantity"', '["channel_order_id"]', '["quantity", "status_raw"]', '"(?P<channel>.)"', '"%Q"',
)  # fmt: skip
MUTANTS = 8
"""Of each source."""


def mutated(body: dict[str, Any], chance: random.Random) -> dict[str, Any]:
    """The contract with one value, at any depth, replaced."""
    body = json.loads(json.dumps(body))
    node: Any = body
    while True:
        key = chance.choice(list(node) if isinstance(node, dict) else range(len(node)))
        deeper = isinstance(node[key], dict | list) and node[key] and chance.random() < 0.8
        if not deeper:
            node[key] = json.loads(chance.choice(SLIPS))
            return body
        node = node[key]


@pytest.mark.parametrize("source", sorted(FILES))
def test_a_slip_in_a_contract_is_told_or_harmless(tmp_path: Path, source: str) -> None:
    """Column names that exist are among the slips, so that many a mutant gets as far as a file."""
    chance, export, original = random.Random(source), FILES[source], BUILT_IN_CHANNELS / source
    body = yaml.safe_load((original / CONTRACT_FILE).read_text(encoding="utf-8"))
    folder = tmp_path / source
    folder.mkdir()
    shutil.copy(original / COLUMN_MAP_FILE, folder)
    for _ in range(MUTANTS):
        text = yaml.safe_dump(mutated(body, chance), allow_unicode=True)
        (folder / CONTRACT_FILE).write_text(text, encoding="utf-8")
        try:
            contract = load_contract(folder)
        except ContractError as error:
            assert "\n" not in str(error)
            continue
        exported_at(contract, export.file, 0)
        origin = Origin(contract, "b" * 16, f"{source}/{export.file}", AT, export.file)
        build_batch(export.path.read_bytes(), origin, KEY).check_accounting()
