"""Stock taken bit by bit, with runs that die on the way, against everything taken at once: row for row.

Each SKU is a world of its own, drawn by Hypothesis: lines of complete documents and others, exported again
with another quantity or time, withdrawn, late, in files that arrive after younger ones; counts that come
before their movements, are corrected, or have no movement at all. All worlds share a few dbt builds.
"""

from __future__ import annotations

import shutil
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from pathlib import Path

import polars as pl
import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from support.dbt_build import dbt_build, read_table
from support.small_lake import write_lake

START = datetime(2026, 1, 1)
EXAMPLES = 150
STEPS = 4
JST, OWN, COUNTS = "jst_stock_movements", "luyue_stock_movements", "luyue_stock_counts"
LEDGER, BALANCES, BOOKED = (
    "int_stock_movements__ledger",
    "int_stock_balances__current",
    "int_stock_counts__booked",
)
TABLES = {
    "intermediate.int_stock_movements__accepted": ["warehouse_code", "movement_id", "line_key"],
    BALANCES: ["warehouse_code", "sku_code"],
    BOOKED: ["warehouse_code", "sku_code", "counted_at", "count_type"],
}
DIES_AFTER = {2: "int_stock_movements__keyed", 3: LEDGER, 4: BALANCES}
"""In these steps a first run ends after the model: what follows is left to the next run."""

Row = dict[str, str | int | datetime | None]

_steps = st.integers(1, STEPS)
_hours = st.integers(0, 10 * 24)
_version = st.tuples(_steps, st.integers(1, 10), st.integers(-3, 6), _hours)
_line = st.tuples(st.booleans(), st.integers(1, 3), st.sampled_from(["W1", "Shanghai"]))
_lines = st.lists(st.tuples(_line, st.lists(_version, min_size=1, max_size=4)), max_size=6)
_count = st.tuples(_steps, _hours, st.sampled_from(["system", "physical"]), st.integers(-3, 9))
_counts = st.lists(_count, max_size=5)


def as_of(step: int) -> datetime:
    """The cut-off of a step: the last days of the world come to pass from step to step."""
    return START + timedelta(days=4 + 2 * step)


def _drawn() -> dict[str, list[Row]]:
    """Rows of all worlds, the same in every run; `batch` is the step in which a row arrives."""
    moves: list[Row] = []
    counts: list[Row] = []
    numbers = iter(range(EXAMPLES))

    @settings(
        max_examples=EXAMPLES,
        derandomize=True,
        database=None,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
        deadline=None,
    )
    @given(_lines, _counts)
    def collect(lines: list, counted: list) -> None:
        sku = f"S{next(numbers, EXAMPLES - 1):03d}"
        for number, ((whole, document, warehouse), versions) in enumerate(lines):
            name = {"movement_id": f"{sku}-{'J' if whole else 'L'}{document}", "line_no": str(number)}
            name |= {"source": JST if whole else OWN, "sku_code": sku, "warehouse_code": warehouse}
            for step, export_day, quantity, hour in versions:
                said = {"movement_type": "adjust", "quantity": quantity, "batch": f"{step}"}
                at = {"occurred_at": START + timedelta(hours=hour)}
                moves.append(name | said | at | {"exported_at": START + timedelta(days=export_day, hours=1)})
        for step, hour, kind, quantity in counted:
            at = START + timedelta(hours=hour)
            said = {"count_type": kind, "on_hand_qty": quantity, "batch": f"{step}"}
            key = {"warehouse_code": "W1", "sku_code": sku, "counted_at": at}
            counts.append(key | said | {"exported_at": START + timedelta(days=step)})

    collect()
    return {"stock_movements": moves, "stock_counts": counts}


def _arrived(rows: dict[str, list[Row]], step: int) -> dict[str, list[Row]]:
    return {feed: [row for row in found if int(str(row["batch"])) <= step] for feed, found in rows.items()}


def _build(folder: Path, lake: Path, rows: dict[str, list[Row]], cut_off: datetime, select: str) -> Path:
    env = write_lake(lake, rows, grains={JST: "document"}, arrive_by_label=True)
    return dbt_build(folder, env, cut_off, select)


def _table(warehouse: Path, name: str) -> pl.DataFrame:
    key = TABLES[name]
    frame = read_table(warehouse, name if "." in name else f"intermediate.{name}")
    if name == BALANCES:
        frame = frame.filter(pl.col("line_count") > 0)
    return frame.drop("run_no", "exported_at", strict=False).sort(key)


ALL = " ".join(f"+{name.split('.')[-1]}" for name in TABLES)


@pytest.fixture(scope="module")
def rows() -> dict[str, list[Row]]:
    return _drawn()


@pytest.fixture(scope="module")
def bit_by_bit(tmp_path_factory: pytest.TempPathFactory, rows: dict[str, list[Row]]) -> Path:
    """The warehouse after all steps, each of which may have died once before."""
    folder = tmp_path_factory.mktemp("steps")
    for step in range(1, STEPS + 1):
        arrived = _arrived(rows, step)
        if dies_after := DIES_AFTER.get(step):
            _build(folder, folder / "lake", arrived, as_of(step), f"+{dies_after}")
        warehouse = _build(folder, folder / "lake", arrived, as_of(step), ALL)
    return warehouse


@pytest.fixture(scope="module")
def at_once(tmp_path_factory: pytest.TempPathFactory, rows: dict[str, list[Row]]) -> Path:
    folder = tmp_path_factory.mktemp("once")
    return _build(folder, folder / "lake", rows, as_of(STEPS), ALL)


@pytest.mark.parametrize("name", TABLES)
def test_bit_by_bit_equals_at_once(bit_by_bit: Path, at_once: Path, name: str) -> None:
    ours, theirs = _table(bit_by_bit, name), _table(at_once, name)
    assert theirs.height > EXAMPLES / 2
    differ = pl.concat([ours.with_columns(side=pl.lit("steps")), theirs.with_columns(side=pl.lit("once"))])
    columns = [c for c in differ.columns if c != "side"]
    assert differ.filter(~differ.select(columns).is_duplicated()).sort(TABLES[name]).rows() == []


def test_nothing_was_built_anew_on_the_way(bit_by_bit: Path) -> None:
    """Else the equality above would prove nothing."""
    steps = read_table(bit_by_bit, "increments.stock_steps")
    assert steps.height == 6
    assert steps["whole_no"].unique().to_list() == [1]
    assert steps["run_no"].max() == STEPS + len(DIES_AFTER)


def test_the_ledger_only_grew(bit_by_bit: Path) -> None:
    """What was corrected or withdrawn stands in it, reversed by an entry of the same size."""
    ledger = read_table(bit_by_bit, f"intermediate.{LEDGER}")
    key = ["warehouse_code", "movement_id", "line_key"]
    reversals = ledger.filter(pl.col("reverses_no").is_not_null())
    undone = reversals.join(
        ledger.filter(pl.col("reverses_no").is_null()),
        left_on=[*key, "reverses_no"],
        right_on=[*key, "run_no"],
        how="left",
    )
    assert reversals.height > 20
    assert (undone["quantity"] == -undone["quantity_right"]).all()


def test_tables_of_another_version_are_made_anew(tmp_path: Path) -> None:
    """An older version's tables of these names have other columns: no run may stop there."""
    import duckdb

    move: Row = {"movement_id": "M1", "line_no": "1", "source": OWN, "sku_code": "S1", "warehouse_code": "W1"}
    move |= {"movement_type": "adjust", "quantity": 5, "occurred_at": START, "batch": "1"}
    rows = {"stock_movements": [move | {"exported_at": START + timedelta(days=1)}], "stock_counts": []}
    with duckdb.connect(str(tmp_path / "warehouse.duckdb")) as older:
        older.execute("create schema intermediate")
        for name in (LEDGER, BALANCES, "int_stock_movements__keyed"):
            older.execute(f"create table intermediate.{name} as select 'x' as another_column")
    warehouse = _build(tmp_path, tmp_path / "lake", rows, as_of(1), f"+{BALANCES}")
    assert _table(warehouse, BALANCES)["book_qty"].to_list() == [5]


NAMES: dict[int, list[tuple[str, str]]] = {
    1: [("W1", "Shanghai"), ("W2", "Wuhan")],
    2: [("W1", "Pudong"), ("W2", "Shanghai")],
    4: [("W3", "Shanghai")],
}
"""What warehouses are called from a step on: a name moves to another warehouse, then two bear it."""


def _named(rows: dict[str, list[Row]], step: int) -> dict[str, list[Row]]:
    named: list[Row] = [
        {"warehouse_code": code, "name": name, "batch": f"{at}", "exported_at": START + timedelta(days=at)}
        for at, said in NAMES.items()
        for code, name in said
    ]
    return _arrived(rows | {"warehouses": named}, step)


@pytest.fixture(scope="module")
def renamed(tmp_path_factory: pytest.TempPathFactory, rows: dict[str, list[Row]]) -> dict[int, Path]:
    """The warehouse as it was after the steps in which names had moved, or were two warehouses'."""
    folder = tmp_path_factory.mktemp("renamed")
    left: dict[int, Path] = {}
    for step in range(1, STEPS + 1):
        warehouse = _build(folder, folder / "lake", _named(rows, step), as_of(step), ALL)
        left[step] = Path(shutil.copyfile(warehouse, folder / f"after-{step}.duckdb"))
    return left


@pytest.mark.parametrize("step", [3, 4])
def test_movements_follow_the_names_of_warehouses(
    renamed: dict[int, Path], rows: dict[str, list[Row]], tmp_path: Path, step: int
) -> None:
    """Lines booked under a name stand where it points now, those of earlier runs, too."""
    anew = _build(tmp_path, tmp_path / "lake", _named(rows, step), as_of(step), ALL)
    for name in TABLES:
        assert _table(renamed[step], name).equals(_table(anew, name)), name
    moved = set(_table(renamed[step], BALANCES)["warehouse_code"].unique())
    assert moved == ({"W1", "W2"} if step == 3 else {"W1", "Shanghai"})


def test_a_name_that_moves_builds_the_stores_anew_once(renamed: dict[int, Path]) -> None:
    """In step 3 no name moved: that run took what was new and nothing else."""
    assert read_table(renamed[3], "increments.stock_steps")["whole_no"].unique().to_list() == [2]
    assert read_table(renamed[4], "increments.stock_steps")["whole_no"].unique().to_list() == [4]


def test_two_builds_at_once_apply_nothing_twice(tmp_path: Path, rows: dict[str, list[Row]]) -> None:
    """The database lets one in; the other comes after it, or says who has it and changes nothing."""
    lake = tmp_path / "lake"
    _build(tmp_path, lake, _arrived(rows, 1), as_of(1), ALL)
    env = write_lake(lake, _arrived(rows, 2), grains={JST: "document"}, arrive_by_label=True)

    def build(number: int) -> str:
        try:
            dbt_build(tmp_path, env, as_of(2), ALL, target=tmp_path / f"target-{number}")
        except AssertionError as refused:
            return str(refused)
        return ""

    with ThreadPoolExecutor(2) as both:
        said = list(both.map(build, (1, 2)))
    assert "" in said
    assert all("Could not set lock on file" in text for text in said if text)
    apart = tmp_path / "apart"
    anew = _build(apart, apart / "lake", _arrived(rows, 2), as_of(2), ALL)
    for name in TABLES:
        assert _table(tmp_path / "warehouse.duckdb", name).equals(_table(anew, name)), name
