"""Exports as they go wrong in real life, each with what a run has to count and to say about it.

Invented orders only. Reading rules belong to the ingestion; here stands what a user sees of them.
"""

from __future__ import annotations

import io
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path

COUNTS = (
    "files",
    "files_refused",
    "files_skipped",
    "rows_read",
    "rows_accepted",
    "rows_refused",
    "rows_totals",
)

ORDER_COLUMNS = (
    "channel,channel_order_id,channel_line_id,status,quantity,unit_price_cny,paid_amount_cny"
    ",ordered_at,paid_at"
)
DOUYIN_COLUMNS = (
    "主订单编号,子订单编号,选购商品,商品数量,商品金额,订单应付金额,订单提交时间,支付完成时间,订单状态"
)
POS_COLUMNS = ("销售日期", "门店名称", "小票号", "物料描述", "销售数量", "销售金额", "会员卡号")


@dataclass(frozen=True)
class Export:
    """One file, what the run counts for it, and the words that its one line must hold (none: no line)."""

    name: str
    source: str
    file: str
    content: bytes
    counts: dict[str, int]
    says: tuple[str, ...] = ()
    orders: tuple[str, ...] = field(default=())
    """channel_order_ids that the file brings into the marts."""


def write(landing: Path, exports: Iterable[Export]) -> None:
    """Each export as a file in landing/<source>/."""
    for export in exports:
        path = landing / export.source / export.file
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(export.content)


def expected(exports: Iterable[Export]) -> dict[str, dict[str, int]]:
    """Counts by source, as `sources` of the run's JSON has them."""
    totals: dict[str, Counter[str]] = {}
    for export in exports:
        totals.setdefault(export.source, Counter(dict.fromkeys(COUNTS, 0))).update(export.counts)
    return {source: dict(counts) for source, counts in totals.items()}


def all_exports() -> list[Export]:
    """The bad ones, and a good one of the same source beside them that has to be loaded all the same."""
    good = _text(ORDER_COLUMNS, *(_order(n) for n in range(1, 4)))
    cut = _text(ORDER_COLUMNS, _order(4), _order(5)) + b"app,C0006,C0006-1,paid_pend"
    return [
        Export("good", "luyue_orders", "orders_20260301120000.csv", good, _taken(3), (), _ids(1, 4)),
        Export(
            "same file twice",
            "luyue_orders",
            "second_20260301120000.csv",
            good,
            {"files_skipped": 1},
            ("second_2026", "same content"),
        ),
        Export(
            "zero bytes",
            "luyue_orders",
            "none_20260301120100.csv",
            b"",
            _refused(0),
            ("none_2026", "empty"),
        ),
        Export(
            "truncated xlsx",
            "luyue_orders",
            "half_20260301120200.xlsx",
            _half(_workbook([ORDER_COLUMNS.split(","), *(_order(n).split(",") for n in range(20, 60))])),
            _refused(0),
            ("half_2026",),
        ),
        Export(
            "missing required column",
            "luyue_orders",
            "short_20260301120300.csv",
            _text("channel,status,quantity,ordered_at", "app,shipped,1,2026-03-01 09:00:00"),
            _refused(1),
            ("short_2026", "channel_order_id"),
        ),
        Export(
            "text cut in its last line",
            "luyue_orders",
            "cut_20260301120400.csv",
            cut,
            _taken(2, refused=1),
            ("luyue_orders", "ends inside this line"),
            _ids(4, 6),
        ),
        Export(
            "Excel-damaged ids",
            "douyin_orders",
            "1772337600_0a1b.csv",
            _text(DOUYIN_COLUMNS, *(_douyin("6.91793E+18", "6.91793E+18", "已发货") for _ in range(2))),
            _refused(2),
            ("1772337600_0a1b", "ids"),
        ),
        Export(
            "unknown status",
            "douyin_orders",
            "1772337601_0a1c.csv",
            _text(DOUYIN_COLUMNS, _douyin("6917930000000000011", "6917930000000000012", "火星发货")),
            _taken(1),
            ("douyin_orders", "火星发货"),
            ("6917930000000000011",),
        ),
        Export(
            "totals rows",
            "pos_receipts",
            "store_20260301.xlsx",
            _workbook([POS_COLUMNS, *(_receipt(n) for n in (1, 2)), ("合计", "", "", "", "2", "39.80", "")]),
            _taken(2, totals=1),
        ),
        Export(
            "HTML named xls",
            "pos_receipts",
            "page_20260301.xls",
            _html([POS_COLUMNS, _receipt(3)]),
            _taken(1),
        ),
    ]


def _taken(rows: int, refused: int = 0, totals: int = 0) -> dict[str, int]:
    return {
        "files": 1,
        "rows_read": rows + refused + totals,
        "rows_accepted": rows,
        "rows_refused": refused,
        "rows_totals": totals,
    }


def _refused(rows: int) -> dict[str, int]:
    return {"files": 1, "files_refused": 1, "rows_read": rows, "rows_refused": rows}


def _ids(first: int, end: int) -> tuple[str, ...]:
    return tuple(f"C{n:04}" for n in range(first, end))


def _order(n: int) -> str:
    return f"app,C{n:04},C{n:04}-1,paid_pending_ship,1,19.90,19.90,2026-03-01 09:00:00,2026-03-01 09:01:00"


def _douyin(order: str, line: str, status: str) -> str:
    return f"{order},{line},杯子,1,19.90,19.90,2026-03-01 09:00:00,2026-03-01 09:01:00,{status}"


def _receipt(n: int) -> tuple[str, ...]:
    return ("2026-03-01 10:00:00", "一号店", f"{n:05}", "杯子", "1", "19.90", "")


def _text(*lines: str) -> bytes:
    return ("\n".join(lines) + "\n").encode()


def _workbook(rows: Iterable[Iterable[str]]) -> bytes:
    import xlsxwriter

    buffer = io.BytesIO()
    with xlsxwriter.Workbook(buffer, {"in_memory": True}) as book:
        sheet = book.add_worksheet()
        for number, row in enumerate(rows):
            sheet.write_row(number, 0, [str(cell) for cell in row])
    return buffer.getvalue()


def _half(content: bytes) -> bytes:
    return content[: len(content) // 2]


def _html(rows: Iterable[Iterable[str]]) -> bytes:
    body = "".join("<tr>" + "".join(f"<td>{cell}</td>" for cell in row) + "</tr>" for row in rows)
    return f'<html><head><meta charset="utf-8"></head><body><table>{body}</table></body></html>'.encode()
