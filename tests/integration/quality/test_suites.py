"""The suites through Great Expectations: which rows fail comes back by key, whatever the rule."""

from __future__ import annotations

from pathlib import Path

import polars as pl

from dagster_project.lib.quality.rules import suites
from dagster_project.lib.quality.suites import check
from dagster_project.settings import PROJECT_ROOT

SOUND = {
    "sku_code": "LY1", "barcode": "6901234567892", "name": "登山杖", "category": "运动", "owner": "品类一部",
    "temperature_class": "ambient", "weight_kg": 1.0, "cost_cny": 9.0, "source": "luyue_skus",
}  # fmt: skip


def found(*wrong: dict[str, object]) -> set[tuple[str, str, str, str | None]]:
    """rule, key, reason and value of what the suite of SKUs finds in sound rows but for what is said."""
    rows = [
        SOUND | {"sku_code": f"LY{n}", "barcode": None, "name": f"登山杖 {n}"} | row
        for n, row in enumerate(wrong)
    ]
    frame = pl.DataFrame(rows, schema_overrides={"barcode": pl.String}, infer_schema_length=None)
    told = check(suites()["sku"], frame, {}).found
    told = told.filter(pl.col("rule_code") != "sku_barcode_missing")
    return set(told.select("rule_code", "record_key", "reason_code", "value").rows())


def test_each_kind_of_expectation_names_the_rows_that_fail() -> None:
    rows = found(
        {}, {"sku_code": "ly 1"}, {"name": "  "}, {"temperature_class": "cold"}, {"weight_kg": 51.0},
        {"barcode": "6901234567890"}, {"weight_kg": None}, {"weight_kg": 50.0},
    )  # fmt: skip
    assert rows == {
        ("sku_code_grammar", "ly 1", "not_as_written", "ly 1"),
        ("sku_name_missing", "LY2", "missing", "  "),
        ("sku_temperature_unknown", "LY3", "unknown_word", "cold"),
        ("sku_weight_range", "LY4", "out_of_range", "51.0"),
        ("sku_barcode_invalid", "LY5", "check_digit", "6901234567890"),
    }


def test_more_failing_rows_than_a_report_shows_all_come_back() -> None:
    """Great Expectations lists the values of two hundred; of the places it lists all."""
    assert len(found(*({"weight_kg": 60.0} for _ in range(450)))) == 450


def test_every_rule_counts_what_it_looked_at_by_owner_and_source() -> None:
    frame = pl.DataFrame(
        [SOUND, SOUND | {"sku_code": "LY2", "owner": None}, SOUND | {"sku_code": "LY3", "owner": " "}]
    )
    checked = check(suites()["sku"], frame, {}).checked.filter(rule_code="sku_weight_range")
    assert set(checked.select("record_owner", "source", "checked").rows()) == {
        ("品类一部", "luyue_skus", 1), (None, "luyue_skus", 2),
    }  # fmt: skip


def test_without_rows_nothing_is_found_and_nothing_counted() -> None:
    done = check(suites()["carrier"], pl.DataFrame(), {})
    assert (done.found.height, done.checked.height) == (0, 0)


def test_great_expectations_is_imported_in_the_check_and_nowhere_else() -> None:
    """3.6 s of a core: no command pays for it that checks nothing."""
    code = [
        path
        for folder in ("dagster_project", "identity", "app", "dbt")
        for path in (PROJECT_ROOT / folder).rglob("*.py")
    ]
    naming = {
        path.relative_to(PROJECT_ROOT)
        for path in code
        if "import great_expectations" in path.read_text("utf-8")
    }
    assert naming == {Path("dagster_project/lib/quality/suites.py")}
    lines = (PROJECT_ROOT / "dagster_project/lib/quality/suites.py").read_text("utf-8").splitlines()
    assert [line for line in lines if line.startswith(("import great", "from great"))] == []
