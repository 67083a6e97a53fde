"""From a platform's file to the order marts: what a contract leaves in `extras`, declares whole, or lists."""

from __future__ import annotations

import json
import shutil
from datetime import datetime
from pathlib import Path

import polars as pl
import pytest
from support.dbt_build import dbt_build, read_table
from support.ingest_files import DOUYIN, csv_bytes, put
from support.small_lake import write_lake

from dagster_project import settings as all_settings
from dagster_project.lib import dbt_project, ledger
from dagster_project.lib.ingest.running import ingest
from dagster_project.settings import BUILT_IN_CHANNELS, Settings

AS_OF = datetime(2026, 1, 10)
JD = {"订单号": "300000000001", "商品名称": "挂耳咖啡", "订购数量": "1", "下单时间": "2026-01-02 10:00:00"}
JD |= {"订单状态": "等待出库", "商家备注": "订单拆分为 300000000011 300000000012"}
MODELS = "+fct_orders +fct_order_lines +fct_aftersales +bridge_order_splits +dim_skus"


def _channels(folder: Path) -> Path:
    """The built-in SKU export, declared complete by a contract of the merchant's own."""
    shutil.copytree(BUILT_IN_CHANNELS / "luyue_skus", folder / "luyue_skus")
    contract = folder / "luyue_skus" / "contract.yml"
    contract.write_text(contract.read_text("utf-8") + "\ncomplete: true\n", encoding="utf-8")
    return folder


def _land(settings: Settings) -> None:
    shipped = DOUYIN | {"订单状态": "已完成"}
    put(settings, "douyin_orders", "1767600000_a.csv", csv_bytes([DOUYIN]))
    put(settings, "douyin_orders", "1767686400_b.csv", csv_bytes([shipped | {"清关状态": "放行"}]))
    put(settings, "jd_orders", "订单列表_20260105090000.csv", csv_bytes([JD], "gb18030"))
    aftersale = {"channel": "douyin", "aftersale_id": "9", "channel_order_id": "1", "质检结论": "完好"}
    put(settings, "luyue_aftersales", "aftersales_20260105.csv", csv_bytes([aftersale]))
    skus = [{"sku_code": code, "name": code} for code in ("K1", "K2")]
    put(settings, "luyue_skus", "skus_20260105.csv", csv_bytes(skus))
    put(settings, "luyue_skus", "skus_20260106.csv", csv_bytes(skus[:1]))


@pytest.fixture(scope="module")
def warehouse(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("files")
    settings = all_settings.load(
        data=folder / "data", channels=[_channels(folder / "channels")], env={"LUYUE_VAULT_KEY": "ab" * 32}
    )
    _land(settings)
    ingest(settings)
    empty = write_lake(folder / "empty", {})
    return dbt_build(folder, empty | _stores(settings), AS_OF, MODELS)


def _stores(settings: Settings) -> dict[str, str]:
    """The lake as a run hands it to dbt; no addresses and no customers."""
    ledger.refresh(settings)
    env = dbt_project.environment(settings, AS_OF)
    return {name: env[name] for name in ("LUYUE_LAKE", "LUYUE_BATCHES")}


def test_a_new_column_is_in_the_marts_the_day_it_appears(warehouse: Path) -> None:
    for mart, header, value in (
        ("fct_orders", "清关状态", "放行"),
        ("fct_order_lines", "清关状态", "放行"),
        ("fct_aftersales", "质检结论", "完好"),
    ):
        rows = read_table(warehouse, f"marts.{mart}").filter(pl.col("channel") == "douyin")
        assert json.loads(rows["extras"].item()).get(header) == value, mart


def test_a_remark_links_a_split_order(warehouse: Path) -> None:
    found = read_table(warehouse, "marts.bridge_order_splits").sort("channel_order_id")
    assert found.select("link_type", "parent_channel_order_id", "channel_order_id", "evidence").rows() == [
        ("split", "300000000001", "300000000011", "seller_remark"),
        ("split", "300000000001", "300000000012", "seller_remark"),
    ]


def test_a_contract_that_says_complete_lets_a_missing_sku_be_absent(warehouse: Path) -> None:
    found = read_table(warehouse, "marts.dim_skus").sort("sku_code")
    assert found["is_absent_since"].to_list() == [None, datetime(2026, 1, 6)]
