"""The book of random ledgers, re-exported, corrected, withdrawn and late, against brute force in Polars.

dbt runs once: every SKU is an example of its own, drawn by Hypothesis, so that a failure names its SKU.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from pathlib import Path

import polars as pl
import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from support.dbt_build import dbt_build, read_table
from support.small_lake import write_lake

START = datetime(2026, 1, 1)
AS_OF = datetime(2026, 1, 11)
EXAMPLES = 120
JST = "jst_stock_movements"
EXPORT_DAYS = (2, 4, 6, 8, 10, 12)
"""The last one lies after the cut-off: loaded, and left for later."""

Row = dict[str, str | int | datetime | None]

_hours = st.integers(0, 12 * 24)
_version = st.tuples(st.sampled_from(EXPORT_DAYS), st.integers(-5, 9), _hours)
_line = st.tuples(st.booleans(), st.integers(1, 3), st.lists(_version, min_size=1, max_size=4))
_count = st.tuples(_hours, st.sampled_from(["system", "physical"]), st.integers(-3, 12))
_example = st.tuples(st.lists(_line, max_size=6), st.lists(_count, min_size=1, max_size=5))
"""Movement lines (complete document or not, document number, exported versions) and counts of one SKU."""


def _drawn() -> list[tuple[list, list]]:
    """EXAMPLES worlds of one SKU each, the same in every run."""
    worlds: list[tuple[list, list]] = []

    @settings(
        max_examples=EXAMPLES,
        derandomize=True,
        database=None,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
        deadline=None,
    )
    @given(_example)
    def collect(world: tuple[list, list]) -> None:
        worlds.append(world)

    collect()
    return worlds


def _rows(worlds: list[tuple[list, list]]) -> dict[str, list[Row]]:
    moves: list[Row] = []
    counts: list[Row] = []
    for number, (lines, counted) in enumerate(worlds):
        key = {"warehouse_code": "W1", "sku_code": f"S{number:03d}"}
        for line, (whole, document, versions) in enumerate(lines):
            name = f"{key['sku_code']}-{'J' if whole else 'L'}{document}"
            for export_day, quantity, hour in versions:
                row = key | {"movement_id": name, "line_no": str(line), "movement_type": "adjust"}
                row |= {"source": JST if whole else "luyue_stock_movements", "quantity": quantity}
                at = {"occurred_at": START + timedelta(hours=hour)}
                moves.append(row | at | {"exported_at": START + timedelta(days=export_day)})
        for hour, kind, quantity in counted:
            at = START + timedelta(hours=hour)
            said = {"count_type": kind, "on_hand_qty": quantity, "exported_at": START}
            counts.append(key | said | {"counted_at": at})
    return {"stock_movements": moves, "stock_counts": counts}


def _ledger(moves: list[Row]) -> pl.DataFrame:
    """sku_code, quantity, occurred_at of the lines that stand at the cut-off, by plain sort and filter."""
    seen = pl.DataFrame(moves).with_row_index("nth").filter(pl.col("exported_at") <= AS_OF)
    newest = seen.sort("exported_at", "nth").unique(
        ["movement_id", "line_no"], keep="last", maintain_order=True
    )
    document = pl.col("exported_at") == pl.col("exported_at").max().over("movement_id")
    stands = (pl.col("source") != JST) | document
    return newest.filter(stands, pl.col("quantity") != 0, pl.col("occurred_at") <= AS_OF)


@pytest.fixture(scope="module")
def rows() -> dict[str, list[Row]]:
    return _rows(_drawn())


@pytest.fixture(scope="module")
def warehouse(tmp_path_factory: pytest.TempPathFactory, rows: dict[str, list[Row]]) -> Path:
    folder = tmp_path_factory.mktemp("book")
    lake = write_lake(folder, rows, grains={JST: "document"})
    return dbt_build(folder, lake, AS_OF, "+fct_stock_positions +fct_inventory_reconciliation")


def test_positions_equal_brute_force(warehouse: Path, rows: dict[str, list[Row]]) -> None:
    expected = (
        _ledger(rows["stock_movements"])
        .group_by("sku_code")
        .agg(pl.col("quantity").sum(), pl.col("occurred_at").max())
        .sort("sku_code")
    )
    found = read_table(warehouse, "marts.fct_stock_positions").sort("sku_code")
    moved = found.filter(pl.col("last_movement_at").is_not_null())
    assert expected.height > EXAMPLES / 2
    assert moved["sku_code"].to_list() == expected["sku_code"].to_list()
    assert moved["book_on_hand_qty"].cast(pl.Int64).to_list() == expected["quantity"].to_list()
    assert moved["last_movement_at"].to_list() == expected["occurred_at"].to_list()
    assert found.filter(pl.col("last_movement_at").is_null())["book_on_hand_qty"].sum() == 0


def test_counts_equal_brute_force(warehouse: Path, rows: dict[str, list[Row]]) -> None:
    key = ["sku_code", "counted_at", "count_type"]
    counts = pl.DataFrame(rows["stock_counts"]).unique(key, keep="last", maintain_order=True)
    counts = counts.filter(pl.col("counted_at") <= AS_OF)
    pairs = counts.join(_ledger(rows["stock_movements"]), on="sku_code", how="left")
    counted_in = pl.col("quantity").filter(pl.col("occurred_at") <= pl.col("counted_at"))
    expected = (
        pairs.group_by(*key, "on_hand_qty")
        .agg(book=counted_in.sum())
        .with_columns(variance=pl.col("on_hand_qty") - pl.col("book"))
        .with_columns(last=pl.col("counted_at").max().over("sku_code", "count_type"))
        .sort(key)
    )
    found = read_table(warehouse, "marts.fct_inventory_reconciliation").sort(key)
    assert expected.height > EXAMPLES
    assert found.select(key).equals(expected.select(key))
    assert found["book_qty"].cast(pl.Int64).to_list() == expected["book"].to_list()
    assert found["variance_qty"].cast(pl.Int64).to_list() == expected["variance"].to_list()
    assert found["is_newest"].to_list() == (expected["counted_at"] == expected["last"]).to_list()
    settled = found.filter(pl.col("status") == "settled")
    assert settled["variance_qty"].cast(pl.Int64).unique().to_list() == [0]
    newest = pl.col("is_newest")
    assert found.filter(newest, pl.col("variance_qty") != 0)["cause"].null_count() == 0
    assert found.filter(~newest)["cause"].drop_nulls().is_empty()
