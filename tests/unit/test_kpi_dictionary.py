"""Dictionary, seeds, marts and pages name the same KPIs, in both directions."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest
import yaml

from tools.kpi_docs import dictionary
from tools.kpi_docs.__main__ import main, stale

INDEX = "experience_index"
FEEDS = dictionary.ROOT / "dagster_project" / "lib" / "feeds.yml"
MARTS = dictionary.ROOT / "dbt" / "models" / "marts" / "kpis"
ROLES_BESIDE_EVENTS = {"order_experience_officer", "master_data"}
"""Roles that answer for a KPI and for no event of the catalogue."""


def _column(seed: str, column: str) -> set[str]:
    with (dictionary.SEEDS / f"{seed}.csv").open(encoding="utf-8", newline="") as file:
        return {row[column] for row in csv.DictReader(file)}


def test_dictionary_and_seeds_name_the_same_kpis() -> None:
    """A KPI that is counted is explained, one that is explained is counted, and each says what it needs."""
    named = set(dictionary.entries()) - {INDEX}
    assert _column("kpis", "kpi") == named
    assert _column("kpi_feeds", "kpi") == named
    assert _column("index_weights", "kpi") < named
    assert _column("kpi_master_data", "kpi") < named
    assert _column("kpi_feeds", "source_feed") <= set(yaml.safe_load(FEEDS.read_text("utf-8")))


def test_the_weights_of_every_day_sum_to_one() -> None:
    """Whatever the days of validity: an index is of a whole."""
    rows = dictionary.seeds().weights
    for day in {row["valid_from"] for row in rows}:
        valid = [float(row["weight"]) for row in rows if row["valid_from"] <= day <= row["valid_to"]]
        assert sum(valid) == pytest.approx(1)


def test_who_answers_for_a_kpi_is_a_role_of_the_house() -> None:
    """A role that nobody has would leave the number to nobody."""
    roles = _column("response_rules", "owner_role") | ROLES_BESIDE_EVENTS
    assert {entry["owner_role"] for entry in dictionary.entries().values()} <= roles


def test_every_mart_of_kpis_stands_on_the_page() -> None:
    """And the page names no table that is not there."""
    assert set(dictionary.pages()["tables"]) == {path.stem for path in MARTS.glob("*.sql")}


def test_the_pages_are_the_generated_ones(capsys: pytest.CaptureFixture[str]) -> None:
    """`python -m tools.kpi_docs` was run after the last change; --check says so without writing."""
    assert stale() == {}
    assert main(["--check"]) == 0
    assert capsys.readouterr().out == ""


@pytest.mark.parametrize(
    ("change", "complaint"),
    [
        ({"limits": None}, r"missing \['limits'\]"),
        ({"limits": {"zh": "无"}}, "limits needs a text in each of zh, en"),
        ({"limits": {"zh": "无", "en": " "}}, "limits needs a text in each of zh, en"),
        ({"colour": "red"}, r"unknown \['colour'\]"),
    ],
)
def test_an_entry_that_is_not_whole_is_refused_by_name(
    change: dict[str, object], complaint: str, tmp_path: Path
) -> None:
    """Both languages, every text, nothing besides."""
    entry = {name: {"zh": "无", "en": "none"} for name in dictionary.TEXTS} | {"owner_role": "finance"}
    changed = {key: value for key, value in (entry | change).items() if value is not None}
    (tmp_path / "1_some.yml").write_text(yaml.safe_dump({"some_rate": changed}), encoding="utf-8")
    with pytest.raises(dictionary.DictionaryError, match=f"1_some.yml: some_rate: .*{complaint}"):
        dictionary.entries(tmp_path)
