"""Rules as data: suites and seed name the same rules, in both directions, and each says all that it must."""

from __future__ import annotations

from dagster_project.lib.quality.facts import FACTS
from dagster_project.lib.quality.rules import suites, texts
from dagster_project.settings import PROJECT_ROOT

MODELS = PROJECT_ROOT / "dbt" / "models"


def test_each_rule_of_the_seed_is_checked_and_each_that_is_checked_stands_in_the_seed() -> None:
    of_suites = {rule.code for suite in suites().values() for rule in suite.rules}
    assert of_suites == {code for code, row in texts().items() if row["checked_by"] == "suite"}
    sql = " ".join(path.read_text("utf-8") for path in MODELS.rglob("*.sql"))
    for code in (code for code, row in texts().items() if row["checked_by"] == "dbt"):
        named = f"'{code}'" in sql
        made = code.startswith("place_coordinates_") and "'place_coordinates_' || coordinate_finding" in sql
        assert named or made, code
    assert set(FACTS) == set(suites())


def test_each_rule_says_everything_in_both_languages() -> None:
    for code, row in texts().items():
        empty = [name for name, value in row.items() if not value]
        assert empty == [], code
        assert 0 <= float(row["tolerance"]) < 1
        days = {"critical": 1, "major": 7, "minor": 30}[row["severity"]]
        assert int(row["due_days"]) == days, f"{code}: due by severity"
