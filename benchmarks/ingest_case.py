"""One measurement of the ingestion benchmark in a process of its own: `python -m benchmarks.ingest_case`
READER SOURCE FILE FOLDER. Prints seconds (less interpreter start and imports), CPU seconds and peak memory
(MB) as JSON.

What is compared, and by which bars it is judged, stands in ingest.py.
"""

from __future__ import annotations

import json
import resource
import shutil
import sys
import time
from collections.abc import Callable
from pathlib import Path

STATES = {
    "已发货": "shipped", "已完成": "completed", "已关闭": "closed", "待发货": "paid_pending_ship",
    "待支付": "pending_payment", "部分发货": "partially_shipped", "交易成功": "completed",
    "交易关闭": "closed", "卖家已发货，等待买家确认": "shipped", "等待买家付款": "pending_payment",
    "买家已付款，等待卖家发货": "paid_pending_ship", "卖家部分发货": "partially_shipped",
}  # fmt: skip
_MONEY = ("金额", "货款", "邮费", "运费", "优惠", "单价", "费")
_PHONE = ("手机", "电话")


def luyue(source: str, path: Path, folder: Path) -> None:
    """Our ingestion, from the file in landing/ to lake, vault, quarantine and ledger."""
    from dagster_project import settings
    from dagster_project.lib.ingest import ingest

    data = folder / "data"
    landing = folder / "landing" / source
    landing.mkdir(parents=True)
    (landing / path.name).hardlink_to(path)
    result = ingest(settings.load(data=data, landing=landing.parent, env={}))
    counts = result.sources[source]
    if counts["files_refused"] or counts["rows_accepted"] != counts["rows_read"]:
        raise SystemExit(f"the benchmark's file was not taken whole: {counts}, {result.refused_files}")


def polars(source: str, path: Path, folder: Path) -> None:
    """Polars: every cell as text, straight to Parquet."""
    import polars as pl

    if path.suffix == ".xlsx":
        frame = pl.read_excel(path, engine="calamine", infer_schema_length=0)
    else:
        frame = pl.read_csv(_utf8(source, path), infer_schema=False)
    frame.write_parquet(folder / "polars.parquet")


def duckdb(source: str, path: Path, folder: Path) -> None:
    """DuckDB: every cell as text, straight to Parquet."""
    import duckdb as db

    csv = path
    if source == "taobao_orders":
        csv = folder / "utf8.csv"
        csv.write_bytes(path.read_bytes().decode("gb18030").encode())
    db.sql(
        f"copy (select * from read_csv('{csv}', all_varchar = true, header = true)) "
        f"to '{folder / 'duckdb.parquet'}' (format parquet)"
    )


def pandas(source: str, path: Path, folder: Path) -> None:
    """What a user writes today: read text, take off the decoration, type, map the states, mask the phones."""
    import pandas as pd

    if path.suffix == ".xlsx":
        frame = pd.read_excel(path, dtype=str)
    else:
        encoding = "gb18030" if source == "taobao_orders" else "utf-8-sig"
        frame = pd.read_csv(path, dtype=str, encoding=encoding)
    for name in frame.columns:
        cells = frame[name].str.replace(r'^="(.*)"$', r"\1", regex=True).str.strip("\t '")
        cells = cells.replace({"-": None, "null": None, "": None})
        if name.endswith("时间 ") or name.endswith("时间"):
            cells = pd.to_datetime(cells, errors="coerce")
        elif any(word in name for word in _MONEY):
            cells = pd.to_numeric(cells.str.removesuffix("元"), errors="coerce")
        elif name == "订单状态":
            cells = cells.map(STATES).fillna("unknown")
        elif any(word in name for word in _PHONE):
            cells = cells.str.replace(r"^(1\d{2})\d{4}(\d{4})", r"\1****\2", regex=True)
        frame[name] = cells
    frame.to_parquet(folder / "pandas.parquet")


def _utf8(source: str, path: Path) -> bytes | Path:
    """The text as the engines read it: GB18030 has to be decoded for them."""
    return path.read_bytes().decode("gb18030").encode() if source == "taobao_orders" else path


READERS: dict[str, Callable[[str, Path, Path], None]] = {
    "luyue": luyue, "polars": polars, "duckdb": duckdb, "pandas": pandas,
}  # fmt: skip
_IMPORTS = {
    "luyue": "dagster_project.lib.ingest.running", "polars": "polars", "duckdb": "duckdb", "pandas": "pandas",
}  # fmt: skip


def main() -> None:
    """Measures one reader on one file; the folder is emptied first."""
    reader, source, path, folder = sys.argv[1], sys.argv[2], Path(sys.argv[3]), Path(sys.argv[4])
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    __import__(_IMPORTS[reader])
    started = time.perf_counter()
    READERS[reader](source, path, folder)
    seconds = time.perf_counter() - started
    used = resource.getrusage(resource.RUSAGE_SELF)
    cpu = round(used.ru_utime + used.ru_stime, 2)
    figures = {"seconds": round(seconds, 2), "cpu_seconds": cpu, "peak_mb": used.ru_maxrss // 1024}
    json.dump(figures, sys.stdout)


if __name__ == "__main__":
    main()
