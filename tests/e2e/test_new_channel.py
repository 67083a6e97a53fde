"""A channel that nobody has seen, from its export alone: drafted, a line edited, run; its orders are in."""

from __future__ import annotations

import json
import time
from pathlib import Path
from typing import Any

import pytest
from support import marts, strange_exports
from support.command import luyue, run
from support.once import made_once

CHANNELS = {
    "island_mall": ("island_20260320.csv", strange_exports.island_mall, 60, 90),
    "field_fresh": ("田野鲜生订单_20260320093000.xlsx", strange_exports.field_fresh, 50, 50),
    "night_bazaar": ("bazaar-2026-03-20.jsonl", strange_exports.night_bazaar, 40, 40),
}
"""Export, orders and lines of each."""
MARTS = (
    "fct_orders",
    "fct_order_lines",
    "fct_order_events",
    "bridge_customer_records",
    "rpt_experience_index",
)


@pytest.fixture(scope="module")
def new_channels(shared_folder: Path) -> tuple[Path, dict[str, Any]]:
    """The data folder after one run over the three channels, and the run's facts."""

    def make(folder: Path) -> dict[str, Any]:
        started = time.monotonic()
        for name, (file_name, export, _, _) in CHANNELS.items():
            file = folder / "data" / "landing" / name / file_name
            file.parent.mkdir(parents=True)
            file.write_bytes(export())
            drafted = luyue("channel", "new", name, "--from", file, "--channels", "channels", cwd=folder)
            assert drafted.code == 0, drafted.text
        drafted_in = time.monotonic() - started
        contract = folder / "channels" / "field_fresh" / "contract.yml"
        text = contract.read_text(encoding="utf-8")
        contract.write_text(text.replace("# 拣货中:", "拣货中: paid_pending_ship"), encoding="utf-8")
        facts = run(folder / "data", "--channels", folder / "channels")
        seconds = {"draft": drafted_in / len(CHANNELS), "run": time.monotonic() - started - drafted_in}
        return facts | {"tried": seconds}

    folder, facts = made_once(shared_folder, "new_channels", make)
    return folder / "data", facts


def test_every_row_is_taken(new_channels: tuple[Path, dict[str, Any]]) -> None:
    _, facts = new_channels
    assert facts["published"], facts["blocked"]
    assert facts["refused_files"] == []
    for name, (_, _, _, lines) in CHANNELS.items():
        assert facts["sources"][name]["rows_accepted"] == lines
        assert facts["sources"][name]["rows_refused"] == 0


def test_the_orders_are_in_every_mart_that_orders_reach(new_channels: tuple[Path, dict[str, Any]]) -> None:
    data, _ = new_channels
    found = marts.read(marts.published_file(data))
    for name, (_, _, orders, lines) in CHANNELS.items():
        rows = {mart: found[mart].filter(found[mart]["channel"] == name) for mart in MARTS}
        assert rows["fct_orders"].height == orders
        assert rows["fct_order_lines"].height == lines
        assert rows["fct_orders"]["customer_id"].null_count() == 0
        assert rows["fct_orders"]["adcode"].null_count() == 0
        assert "unknown" not in rows["fct_orders"]["status"].to_list()
        assert rows["fct_order_events"]["channel_order_id"].n_unique() == orders
        on_time = rows["rpt_experience_index"].filter(
            (rows["rpt_experience_index"]["kpi"] == "on_time_fulfilment_rate")
            & (rows["rpt_experience_index"]["period"] == "total")
        )
        assert on_time["denominator"].sum() > 0


def test_what_has_no_column_is_kept_in_extras(new_channels: tuple[Path, dict[str, Any]]) -> None:
    data, _ = new_channels
    orders = marts.read(marts.published_file(data))["fct_orders"]
    fresh = orders.filter(orders["channel"] == "field_fresh")
    assert {json.loads(extras)["冷链温区"] for extras in fresh["extras"]} == {"-18℃"}
    assert not any(name in "".join(fresh["extras"]) for name in strange_exports.NAMES)


def test_the_example_of_the_docs_is_this_export(project_root: Path) -> None:
    """The page shows what the tests prove: its workbook holds the same cells."""
    import fastexcel

    example = project_root / "docs" / "examples" / "field_fresh_20260320093000.xlsx"
    shown, made = (
        fastexcel.read_excel(source).load_sheet(0, header_row=None, dtypes="string").to_polars()
        for source in (example, strange_exports.field_fresh())
    )
    assert shown.equals(made)
