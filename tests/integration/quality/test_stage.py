"""The quality stage over files as they land: what runs again, what blocks, what a missing package does."""

from __future__ import annotations

import sys
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from dagster_project import settings as settings_module
from dagster_project.lib import stages
from dagster_project.lib.quality.rules import suites
from dagster_project.lib.session import open_session
from dagster_project.settings import Settings

SKUS = "sku_code,barcode,name,category,temperature_class,weight_kg,cost_cny,owner\n"


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    made = settings_module.load(data=tmp_path / "data", env={})
    put(made, "skus", 1, SKUS + "LY1,6901234567890,登山杖,运动,ambient,1.2,30,品类一部\n")
    return made


def put(settings: Settings, feed: str, day: int, text: str) -> None:
    folder = settings.landing / f"luyue_{feed}"
    folder.mkdir(parents=True, exist_ok=True)
    (folder / f"luyue_{feed}_202602{day:02d}080000.csv").write_text(text, "utf-8")


def checked(settings: Settings) -> tuple[dict[str, Any], list[str], list[str]]:
    """What the stage counted, what blocks, and what it warns of, after taking what has landed."""
    with open_session(settings, say=lambda text: None) as session:
        stages.ingest(session)
        warned = len(session.facts.warnings)
        counts = stages.quality(session)
        return counts, session.facts.blocked, session.facts.warnings[warned:]


def test_suites_run_again_only_where_rows_changed(settings: Settings) -> None:
    counts, blocked, _ = checked(settings)
    assert counts["ran"] == list(suites())
    assert (counts["findings"], blocked) == (1, []), "the check digit is wrong, and blocks nothing"
    assert checked(settings)[0]["ran"] == []
    put(settings, "skus", 2, SKUS + "LY1,6901234567890,登山杖,运动,ambient,1.2,30,品类一部\n")
    assert checked(settings)[0]["ran"] == [], "the same rows, exported anew"
    put(settings, "skus", 3, SKUS + "LY1,6901234567892,登山杖,运动,ambient,1.2,30,品类一部\n")
    counts, _, _ = checked(settings)
    assert (counts["ran"], counts["findings"]) == (["sku", "sku_alias"], 0), "codes are held against SKUs"


def test_of_a_key_that_stands_twice_in_a_file_the_last_line_counts(settings: Settings) -> None:
    row = "LY1,6901234567892,登山杖,运动,ambient,{},30,品类一部\n"
    put(settings, "skus", 4, SKUS + row.format("1.2") + row.format("99"))
    assert checked(settings)[0]["rows"]["skus"] == 1
    found = pl.read_parquet(settings.quality / "found.parquet").select("rule_code", "value").rows()
    assert found == [("key_doubled", "LY1"), ("sku_weight_range", "99.0")]


def test_only_an_empty_master_table_blocks(settings: Settings) -> None:
    put(settings, "warehouses", 1, "warehouse_code,name,province,city,district\n")
    counts, blocked, _ = checked(settings)
    assert counts["empty"] == ["warehouses"]
    assert blocked == ["warehouses: files were accepted and no row stands; export this master table again"]


def test_a_master_table_exported_after_the_cut_off_is_not_empty_but_of_later(settings: Settings) -> None:
    """`luyue run --as-of` before the only export of SKUs: they are loaded and left for later, and nothing
    blocks."""
    earlier = replace(settings, as_of=datetime(2026, 1, 31, 8))
    counts, blocked, _ = checked(earlier)
    assert (counts["rows"]["skus"], counts["empty"], blocked) == (0, [], [])


def test_an_environment_without_the_package_warns_and_goes_on(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as patched:
        patched.setitem(sys.modules, "great_expectations", None)
        counts, blocked, warnings = checked(settings)
    assert (counts["findings"], blocked) == (0, [])
    assert warnings == [
        "suites: great_expectations is not installed, what changed was not checked: make setup"
    ]
    assert checked(settings)[0]["findings"] == 1, "the next run with it checks what was left"
