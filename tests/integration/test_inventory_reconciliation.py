"""Counts against the book, case by case: each SKU below is one rule, all of them in one dbt build."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import polars as pl
import pytest
from support.dbt_build import dbt_build, read_table
from support.small_lake import write_lake
from support.stock_cases import AS_OF, JST, ROWS, day

MODELS = (
    "+fct_stock_positions +fct_inventory_reconciliation +fct_variance_evidence +fct_oversells "
    "+rpt_inventory_health"
)


@pytest.fixture(scope="module")
def warehouse(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("inventory")
    lake = write_lake(folder, ROWS, grains={JST: "document", "luyue_orders": "line"})
    return dbt_build(folder, lake, AS_OF, MODELS)


@pytest.fixture(scope="module")
def counts(warehouse: Path) -> pl.DataFrame:
    return read_table(warehouse, "marts.fct_inventory_reconciliation")


@pytest.fixture(scope="module")
def positions(warehouse: Path) -> pl.DataFrame:
    return read_table(warehouse, "marts.fct_stock_positions")


@pytest.mark.parametrize(
    ("sku", "kind", "variance", "verdict"),
    [
        ("late_sys", "system", 5, ("late_movement", "explained")),
        ("late_phys", "physical", 0, ("late_movement", "settled")),
        ("dup", "physical", -20, ("duplicate_movement", "explained")),
        ("out", "physical", -3, ("missing_outbound", "explained")),
        ("out_booked", "physical", 0, (None, "settled")),
        ("ret", "physical", 4, ("missing_return_receipt", "explained")),
        ("moved", "physical", 10, ("transfer_in_transit", "explained")),
        ("uom", "physical", 22, ("unit_of_measure", "explained")),
        ("pack", "physical", 12, ("unit_of_measure", "explained")),
        ("lost", "physical", -7, ("unexplained", "open")),
        ("exact", "physical", 0, (None, "settled")),
        ("ok", "physical", 0, (None, "settled")),
        ("stray", "physical", 3, ("unexplained", "open")),
    ],
)
def test_cause_and_status(
    counts: pl.DataFrame, sku: str, kind: str, variance: int, verdict: tuple[str | None, str]
) -> None:
    found = counts.filter(pl.col("sku_code") == sku, pl.col("count_type") == kind)
    assert found.select("variance_qty", "cause", "status").rows() == [(Decimal(variance), *verdict)]


def test_a_run_of_variances_is_open_since_its_first(counts: pl.DataFrame) -> None:
    found = counts.filter(pl.col("sku_code") == "run").sort("counted_at")
    assert found["status"].to_list() == ["history", "history", "history", "open"]
    assert found["opened_at"].to_list() == [None, day(6), day(6), day(6)]
    assert found["variance_value_cny"].to_list() == [0, -2, -4, -4]
    assert found["owner"].unique().to_list() == ["wang"]


@pytest.mark.parametrize(
    ("sku", "code", "book"),
    [
        ("fixed", "W1", 7),  # corrected from 9 to 6 by the newer export, and 1 of another document
        ("twins", "W1", 4),  # identical lines within one file are real
        ("named", "W2", 4),  # the warehouse's name stands for its code
        ("red", "W1", -3),
        ("stray", "W9", 0),  # counted, never moved
        ("ok", "W1", 100),  # what lies after the cut-off waits
    ],
)
def test_book_on_hand(positions: pl.DataFrame, sku: str, code: str, book: int) -> None:
    found = positions.filter(pl.col("sku_code") == sku)
    assert found.select("warehouse_code", "book_on_hand_qty").rows() == [(code, Decimal(book))]


def test_withdrawn_lines_leave_no_position(positions: pl.DataFrame) -> None:
    """`gone` left its document, `zero` was re-exported with quantity 0."""
    assert positions.filter(pl.col("sku_code").is_in(["gone", "zero"])).is_empty()


def test_listed_against_sellable(positions: pl.DataFrame) -> None:
    """The newest listing of each shop counts; a count that is silent on locks leaves the earlier one."""
    listed = positions.filter(pl.col("sku_code") == "listed")
    assert listed.select("listed_qty", "sellable_qty", "is_oversold").rows() == [(6, 5, True)]
    held = positions.filter(pl.col("sku_code") == "late_sys")
    assert held.select("locked_qty", "sellable_qty").rows() == [(3, 92)]


@pytest.mark.parametrize(
    ("sku", "kind", "evidence"),
    [
        ("late_phys", "physical", ("movement", "late_phys-sales_out-0512", "1", 5)),
        ("dup", "physical", ("movement", "B", "1", -20)),
        ("out", "physical", ("order", "O1", "app", -3)),
        ("ret", "physical", ("order", "O3", "app", 4)),
        ("moved", "physical", ("transfer", "T1", "W1", 10)),
        ("pack", "physical", ("movement", "pack-purchase_in-0312", "1", 12)),
    ],
)
def test_a_cause_shows_its_evidence(
    warehouse: Path, sku: str, kind: str, evidence: tuple[str, str, str, int]
) -> None:
    found = read_table(warehouse, "marts.fct_variance_evidence")
    found = found.filter(pl.col("sku_code") == sku, pl.col("count_type") == kind)
    assert found.select("evidence_type", "evidence_id", "evidence_part", "effect_qty").rows() == [evidence]


def test_what_nothing_explains_has_no_evidence(warehouse: Path, counts: pl.DataFrame) -> None:
    """Each explained variance has evidence that makes up for it, an unexplained one has none."""
    key = ["warehouse_code", "sku_code", "counted_at", "count_type"]
    found = read_table(warehouse, "marts.fct_variance_evidence")
    total = found.group_by(key).agg(pl.col("effect_qty").sum())
    joined = counts.join(total, on=key, how="left").filter(pl.col("variance_qty") != 0, pl.col("is_newest"))
    explained = joined.filter(pl.col("cause") != "unexplained")
    assert explained.height == 7
    assert explained["effect_qty"].to_list() == explained["variance_qty"].to_list()
    assert joined.filter(pl.col("cause") == "unexplained")["effect_qty"].null_count() == joined.height - 7


def test_a_variance_that_a_late_movement_settles_says_so(counts: pl.DataFrame) -> None:
    """It was open from the count until the movement became known."""
    found = counts.filter(pl.col("sku_code") == "late_phys")
    assert found.select("opened_at", "settled_at", "age_days").rows() == [(day(6), day(8), None)]


def test_an_open_variance_has_an_age(counts: pl.DataFrame) -> None:
    """Since the first count of its run: from the 6th at noon to the 31st at midnight."""
    found = counts.filter(pl.col("sku_code") == "run", pl.col("status") == "open")
    assert found["age_days"].to_list() == [Decimal("24.50")]


def test_who_shows_too_much_and_since_when(warehouse: Path) -> None:
    """4 at one shop and 2 at another against 5: over since the first shop showed 9, by parts of one piece."""
    found = read_table(warehouse, "marts.fct_oversells").filter(pl.col("oversell_kind") == "listing")
    found = found.sort("channel").select("channel", "started_at", "oversold_qty", "sku_sellable_qty")
    assert found.rows() == [
        ("app", day(3), Decimal("0.667"), Decimal(5)),
        ("jd", day(3), Decimal("0.333"), Decimal(5)),
    ]


def test_which_paid_line_fell_short(warehouse: Path) -> None:
    """It was found oversold on the 4th and shipped a day later: nothing was lost."""
    found = read_table(warehouse, "marts.fct_oversells").filter(pl.col("oversell_kind") == "order_line")
    columns = ("channel_order_id", "outcome", "duration_hours", "oversold_qty", "lost_sales_cny")
    assert found.select(columns).rows() == [("O1", "shipped", 24, 3, 0)]


@pytest.mark.parametrize(
    ("kpi", "part"),
    [
        ("agreement_rate_sku", (6, 18)),
        ("negative_stock_rate", (1, 20)),
        ("in_transit_overdue_rate", (1, 1)),
        ("oversell_rate", (0, 3)),
    ],
)
def test_health_is_a_ratio_of_counts(warehouse: Path, kpi: str, part: tuple[int, int]) -> None:
    found = read_table(warehouse, "marts.rpt_inventory_health").filter(
        pl.col("kpi") == kpi,
        pl.col("period").is_in(["now", "total"]),
        pl.col("warehouse_code") == "all",
        pl.col("owner") == "all",
    )
    assert found.select("numerator", "denominator").rows() == [part]


def test_health_adds_up_over_warehouses_and_owners(warehouse: Path) -> None:
    found = read_table(warehouse, "marts.rpt_inventory_health").filter(
        ~pl.col("kpi").str.starts_with("stock_sync")
    )
    whole = found.filter(pl.col("warehouse_code") == "all", pl.col("owner") == "all")
    parts = found.filter(pl.col("warehouse_code") != "all", pl.col("owner") != "all")
    key = ["period", "period_start", "kpi", "cause"]
    summed = parts.group_by(key).agg(pl.col("numerator", "denominator").sum())
    both = [frame.select(*key, "numerator", "denominator").sort(key) for frame in (whole, summed)]
    assert both[0].height > 20
    assert both[0].equals(both[1])
