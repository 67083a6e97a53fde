"""Floors of linking quality: on the demo merchant, through the stages, and on a generated world.

Passes if few linked pairs are wrong and enough right pairs are linked. Does not prove the figures at other
sizes: those are measured by hand (docs/identity.md).
"""

from __future__ import annotations

from pathlib import Path

import polars as pl
import pytest
from support.identity_lake import settings_in

from dagster_project.demo import generate
from dagster_project.lib.addresses import standardise_new
from dagster_project.lib.customers import link_customers
from dagster_project.lib.ingest import ingest
from identity.evaluation import evaluate, scores
from identity.link import load_model
from identity.resolve import resolve
from identity.training.world import world

DEMO_FLOOR, WORLD_FLOOR = (0.975, 0.45), (0.985, 0.68)
"""Pairwise precision and recall; on a small demo merchant one wrong cluster costs a point."""


def test_the_demo_merchants_customers_are_found(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    generate(tmp_path, orders=1_500, days=30, seed=5)
    settings, key = settings_in(tmp_path)
    ingest(settings)
    standardise_new(settings, key)
    link_customers(settings, key)
    members = pl.read_parquet(settings.identity / (settings.identity / "CURRENT").read_text().strip())
    found = evaluate(members, pl.read_parquet(tmp_path / "truth" / "records.parquet"))
    with capsys.disabled():
        print(f"\ndemo merchant: {found}")
    assert found.records > 3_000
    assert found.pairwise_precision >= DEMO_FLOOR[0]
    assert found.pairwise_recall >= DEMO_FLOOR[1]


def test_a_generated_worlds_customers_are_found(capsys: pytest.CaptureFixture[str]) -> None:
    records, person = world(2_500, seed=31)
    found = scores(resolve(records, load_model()).cluster, person)
    with capsys.disabled():
        print(f"\ngenerated world: {found}")
    assert found.pairwise_precision >= WORLD_FLOOR[0]
    assert found.pairwise_recall >= WORLD_FLOOR[1]
