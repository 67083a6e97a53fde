"""Golden records and figures as the stage of the customers leaves them, over real files."""

from __future__ import annotations

import shutil
from datetime import datetime
from pathlib import Path

import polars as pl
import pytest
from support.family import HOME, MOTHER, SON, family_in, land, lines, order, run_stages

from dagster_project import settings as settings_module
from dagster_project.lib import golden
from dagster_project.lib.vault_store import key_of
from dagster_project.settings import Settings


@pytest.fixture(scope="module")
def family(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return family_in(tmp_path_factory.mktemp("family") / "data").data


@pytest.fixture
def settings(family: Path, tmp_path: Path) -> Settings:
    return settings_module.load(data=shutil.copytree(family, tmp_path / "data"), env={})


def _fields(settings: Settings, version: int) -> dict[str, tuple[str, str, str]]:
    """Of her who registered as m1: field → mask, the record that it comes from, why."""
    members = pl.read_parquet(settings.identity / f"members-{version}.parquet")
    hers = members.filter(source_record_id="m1")["customer_id"][0]
    found = pl.read_parquet(golden.path_of(settings, version)).filter(customer_id=hers)
    return {
        row["field"]: (row["mask"], row["source_record_id"], row["chosen_by"]) for row in found.to_dicts()
    }


def test_each_field_is_masked_and_names_its_record(settings: Settings) -> None:
    """Her phone is trusted as she registered it, her home as parcels reach it."""
    assert _fields(settings, 1) == {
        "name": ("张*", "m1", "only_value"),
        "phone": ("139****0001", "m1", "only_value"),
        "email": ("w***@example.cn", "m1", "only_value"),
        "address": ("浙江省杭州市西湖区***", "A1", "only_value"),
        "unionid": ("oU***er", "m1", "only_value"),
    }
    table = pl.read_parquet(golden.path_of(settings, 1))
    told = " ".join(table.drop("token").select(pl.col(pl.String)).unpivot()["value"].drop_nulls())
    secrets = (*MOTHER.values(), *SON.values(), HOME["address"], "oUnionMother", "mother88")
    assert not [secret for secret in secrets if secret in told]
    assert table.filter(field="address")["adcode"].unique().to_list() == ["330106"]


def test_nothing_is_done_twice_and_what_is_lost_is_made_again(settings: Settings) -> None:
    path, key = golden.path_of(settings, 1), key_of(settings)
    before, written = path.read_bytes(), path.stat().st_mtime_ns
    golden.write(settings, key, datetime(2026, 1, 3, 8))
    assert path.stat().st_mtime_ns == written
    path.unlink()
    golden.write(settings, key, datetime(2026, 1, 3, 8))
    assert pl.read_parquet(path).equals(pl.read_parquet(before))


def test_the_figures_of_all_versions_stay_together(settings: Settings) -> None:
    land(settings, "orders", "luyue_orders_20260105080000.jsonl", lines(order("A5", MOTHER, "mother88")))
    run_stages(settings)
    told = pl.read_parquet(settings.identity / "quality-2.parquet")
    customers = told.filter(kpi="customers").sort("version")
    assert customers.select("version", "value", "measured_at").rows() == [
        (1, 2.0, datetime(2026, 1, 3, 8)),
        (2, 2.0, datetime(2026, 1, 5, 8)),
    ]
    assert told.filter(kpi="merge_rate", version=2).select("numerator", "denominator").rows() == [(0.0, 2.0)]
    assert _fields(settings, 2)["address"][1] in ("A1", "A5")
