"""What goes wrong with files, in known number: bad cells, bad files, and the same file twice.

No order stands in a spoiled row or file alone. Each is listed in truth/quarantine.csv with the family
of its reason.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

import polars as pl

from dagster_project.demo.clock import HOUR, stamp
from dagster_project.demo.exports import douyin, jd, luyue_orders, taobao
from dagster_project.demo.exports.writing import Landing, arrange
from dagster_project.demo.world import World


@dataclass
class Spoils:
    """The list of what was spoiled: source, file, line (of the file, from 1; empty for a whole file),
    family."""

    rows: list[dict[str, str | int | None]] = field(default_factory=list)

    def add(self, source: str, file: str, line: int | None, family: str) -> None:
        self.rows.append({"source": source, "file": file, "line": line, "family": family})

    def write(self, folder: Path) -> None:
        schema = {"source": pl.String, "file": pl.String, "line": pl.Int64, "family": pl.String}
        pl.DataFrame(self.rows, schema=schema).write_csv(folder / "quarantine.csv")


def write(world: World, landing: Landing) -> Spoils:
    """Spoils rows of files that are there, and adds whole files that cannot be taken."""
    spoils = Spoils()
    _bad_rows(world, landing, spoils)
    _bad_files(world, landing, spoils)
    return spoils


def _append(landing: Landing, source: str, name: str, encoding: str, line: str) -> int:
    """Adds a line at the end of a text file; returns its number."""
    path = landing.root / source / name
    content = path.read_bytes() + line.encode(encoding)
    path.write_bytes(content)
    return content.count(b"\n")


def _bad_rows(world: World, landing: Landing, spoils: Spoils) -> None:
    """A repeated last row with one bad cell: no time, a negative quantity, no order id, a word unknown
    to us."""
    times = world.calendar.exports(douyin.SOURCE)
    cases = (
        ("bad_time", "订单提交时间", "2026-13-45 99:00:00"),
        ("negative_quantity", "商品数量", "-2"),
        ("missing_key", "主订单编号", "\t"),
    )
    for i, (family, column, value) in enumerate(cases):
        at = times[min(3 * i + 2, len(times) - 1)]
        frame = arrange(douyin.rows(world, at), "douyin_v2").tail(1).with_columns(pl.lit(value).alias(column))
        old = (min(3 * i + 2, len(times) - 1) % douyin.OLD_HEADER_EVERY == 1) and at < times[-3]
        if old:
            frame = (
                arrange(douyin.rows(world, at, old=True), "douyin_v1")
                .tail(1)
                .with_columns(pl.lit(value).alias(column))
            )
        if len(frame):
            text = frame.cast(pl.String).write_csv(include_header=False, quote_style="always")
            line = _append(landing, douyin.SOURCE, douyin.file_name(at), "utf-8", text)
            spoils.add(douyin.SOURCE, douyin.file_name(at), line, family)
    at = world.calendar.exports("luyue_change_requests")[-2]
    name = f"luyue_change_requests_{stamp(at)}.csv"
    if (landing.root / "luyue_change_requests" / name).exists():
        header = (
            (landing.root / "luyue_change_requests" / name)
            .read_text(encoding="utf-8")
            .split("\n", 1)[0]
            .split(",")
        )
        cells = {
            "request_id": "CR-BAD-1",
            "channel": "app",
            "channel_order_id": "",
            "requested_at": "2026-01-05 10:00:00",
        }
        text = ",".join(cells.get(c, "") for c in header) + "\n"
        line = _append(landing, "luyue_change_requests", name, "utf-8", text)
        spoils.add("luyue_change_requests", name, line, "missing_key")


def _bad_files(world: World, landing: Landing, spoils: Spoils) -> None:
    """No bytes, half a workbook, ids that Excel has rounded, a required column gone, a word we do not
    know, a copy."""
    times = world.calendar.exports(taobao.ORDERS)
    middle = times[len(times) // 2]
    empty = landing.raw("luyue_surveys", f"luyue_surveys_{stamp(middle + 3 * HOUR)}.csv", b"")
    spoils.add("luyue_surveys", empty.name, None, "empty_file")
    whole = landing.xlsx(
        jd.SOURCE,
        f"订单列表_{stamp(middle + 2 * HOUR)}.xlsx",
        arrange(jd.rows(world, middle), "jd_orders").head(60),
    )
    content = whole.read_bytes()
    whole.write_bytes(content[: len(content) * 2 // 3])
    spoils.add(jd.SOURCE, whole.name, None, "unreadable_file")
    rounded = arrange(douyin.rows(world, middle), "douyin_v2").with_columns(
        pl.lit("6.93E+18").alias("主订单编号"),
        pl.lit("6.93E+18").alias("子订单编号"),
        pl.col("订单提交时间").str.slice(0, 16).str.replace_all("-0?", "/"),
    )
    damaged = landing.csv(douyin.SOURCE, douyin.file_name(middle + 2 * HOUR), rounded, "gb18030")
    spoils.add(douyin.SOURCE, damaged.name, None, "damaged_ids")
    lacking = arrange(taobao.order_rows(world, middle), "taobao_orders").drop("订单编号", "主订单编号")
    short = landing.csv(taobao.ORDERS, taobao.order_file(middle + 2 * HOUR), lacking, "gb18030")
    spoils.add(taobao.ORDERS, short.name, None, "missing_column")
    copied = landing.root / taobao.ORDERS / taobao.order_file(middle)
    copy = landing.raw(taobao.ORDERS, taobao.order_file(middle + 240), copied.read_bytes())
    spoils.add(taobao.ORDERS, copy.name, None, "same_file")
    _unknown_state(world, landing, spoils)
    _tie(world, landing)


def _tie(world: World, landing: Landing) -> None:
    """A second file of one and the same export time, which names another role for the same requests."""
    source = "luyue_change_requests"
    at = world.calendar.exports(source)[0]
    name = f"{source}_{stamp(at)}"
    lines = (landing.root / source / f"{name}.csv").read_text(encoding="utf-8")
    again = lines.replace("customer_service", "cs_manager").encode()
    landing.raw(source, f"{source}_again_{stamp(at)}.csv", again)


def _unknown_state(world: World, landing: Landing, spoils: Spoils) -> None:
    """A state word that no map knows, on an order that a later export shows rightly. It is no reason to
    refuse."""
    at = world.calendar.exports(luyue_orders.SOURCE)[0]
    name = f"luyue_orders_pinduoduo_{stamp(at)}.csv"
    path = landing.root / luyue_orders.SOURCE / name
    lines = path.read_text(encoding="utf-8").split("\n")
    hit = next((i for i, line in enumerate(lines) if ",paid_pending_ship," in line), None)
    if hit is not None:
        lines[hit] = lines[hit].replace("paid_pending_ship", "awaiting_stars")
        path.write_text("\n".join(lines), encoding="utf-8")
        spoils.add(luyue_orders.SOURCE, name, hit + 1, "unknown_status")
