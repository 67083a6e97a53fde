"""A dry run tells what ingestion would do, and writes nothing."""

from __future__ import annotations

from pathlib import Path

from support.ingest_files import DOUYIN, contract, csv_bytes

from dagster_project.lib.ingest.preview import Preview, dry_run


def preview(folder: Path, data: bytes) -> Preview:
    """The dry run of a file that lies alone in its folder, and still does afterwards."""
    path = folder / "x.csv"
    path.write_bytes(data)
    made = dry_run(path, contract("douyin_orders"))
    assert [entry.name for entry in folder.iterdir()] == ["x.csv"]
    return made


def test_counts_headers_and_a_masked_sample(tmp_path: Path) -> None:
    made = preview(tmp_path, csv_bytes([DOUYIN, DOUYIN | {"商品数量": "-1"}]))
    assert (made.rows_read, made.rows_accepted, made.rows_refused, made.rows_totals) == (2, 1, 1, 0)
    assert made.mapped["主订单编号"] == "channel_order_id"
    assert made.unmapped == ("流量来源",)
    assert "shipped_at" in made.missing
    assert made.missing_required == ()
    assert made.quarantine is not None
    assert made.quarantine["reason_code"].to_list() == ["negative_quantity"]
    assert made.sample["receiver_phone_mask"].to_list() == ["139****5678"]


def test_refused_file_still_tells_its_headers(tmp_path: Path) -> None:
    lacking = {name: cell for name, cell in DOUYIN.items() if name != "子订单编号"}
    made = preview(tmp_path, csv_bytes([lacking]))
    assert made.refusal is not None
    assert made.refusal.code == "missing_column"
    assert made.headers == tuple(lacking)
    assert made.missing_required == ("channel_line_id",)
    assert made.sample.height == 0
