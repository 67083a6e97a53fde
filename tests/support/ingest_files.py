"""Small files of the built-in sources, in bytes, and what ingestion makes of them."""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping, Sequence
from datetime import datetime
from functools import cache
from pathlib import Path

import polars as pl

from dagster_project import settings as all_settings
from dagster_project.lib.ingest.batch import Batch, Origin, build_batch
from dagster_project.lib.ingest.contracts.contract import Contract, load_contract
from dagster_project.settings import BUILT_IN_CHANNELS, Settings
from identity import vault

KEY = vault.VaultKey(encryption=b"e" * 32, token=b"t" * 32)
AT = datetime(2026, 1, 5, 9, 0)
DOUYIN = {
    "主订单编号": "\t6917930000000000123",
    "子订单编号": "\t6917930000000000124",
    "选购商品": "挂耳咖啡",
    "商品数量": "1",
    "商品单价": "39.90",
    "订单应付金额": "36.90",
    "订单提交时间": "2026-01-02 10:00:00",
    "订单状态": "已发货",
    "收件人": "王小明",
    "收件人手机号": "13912345678",
    "省": "浙江省",
    "市": "杭州市",
    "区": "西湖区",
    "街道": "",
    "详细地址": "文三路1号2幢301室",
    "流量来源": "直播",
}
EVENT = {
    "event_id": "e1",
    "channel": "app",
    "channel_order_id": "A1",
    "event_code": "shipped",
    "occurred_at": "2026-01-02 10:00:00",
}


@cache
def contract(source: str) -> Contract:
    """The built-in contract of a source."""
    return load_contract(BUILT_IN_CHANNELS / source)


def batch(data: bytes, source: str = "douyin_orders", name: str = "x.csv") -> Batch:
    """The batch of one file's bytes."""
    return build_batch(data, Origin(contract(source), "b" * 16, f"{source}/{name}", AT, name), KEY)


def rows(batch: Batch) -> pl.DataFrame:
    """The accepted rows of a batch."""
    assert batch.lake is not None, batch.refusal
    return batch.lake


def csv_bytes(records: Sequence[Mapping[str, str]], encoding: str = "utf-8-sig", preamble: str = "") -> bytes:
    """A CSV file with the keys of the first record as its header."""
    out = io.StringIO(newline="")
    out.write(preamble)
    writer = csv.DictWriter(out, list(records[0]))
    writer.writeheader()
    writer.writerows(records)
    return out.getvalue().encode(encoding)


def settings(tmp_path: Path) -> Settings:
    """Settings of an empty data folder."""
    return all_settings.load(data=tmp_path / "data", env={"LUYUE_VAULT_KEY": "ab" * 32})


def put(settings: Settings, source: str, name: str, data: bytes) -> Path:
    """Lays a file into landing/<source>/."""
    path = settings.landing / source / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(data)
    return path
