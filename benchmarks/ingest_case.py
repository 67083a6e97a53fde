"""One measurement of the ingestion benchmark in a process of its own: `python -m benchmarks.ingest_case`
READER SOURCE FILE FOLDER. Prints seconds (less interpreter start and imports), CPU seconds and peak memory
(MB) as JSON.

What is compared, and by which bars it is judged, stands in ingest.py.
"""

from __future__ import annotations

import hmac
import json
import resource
import shutil
import sys
import time
from collections.abc import Callable
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import pandas as pd

STATES = {
    "已发货": "shipped", "已完成": "completed", "已关闭": "closed", "待发货": "paid_pending_ship",
    "待支付": "pending_payment", "部分发货": "partially_shipped", "交易成功": "completed",
    "交易关闭": "closed", "卖家已发货，等待买家确认": "shipped", "等待买家付款": "pending_payment",
    "买家已付款，等待卖家发货": "paid_pending_ship", "卖家部分发货": "partially_shipped",
}  # fmt: skip
_MONEY = ("金额", "货款", "邮费", "运费", "优惠", "单价", "费")
_NO_NUMBER = "[¥￥,，元]|（.*"
_NULL_WORDS = ("-", "--", "—", "/", "null", "")
_PHONE = ("手机", "电话")
_PRIVATE = {
    "douyin_orders": ("收件人", "收件人手机号", "详细地址"),
    "taobao_orders": ("收货人姓名", "联系手机", "收货地址"),
}
"""Name, phone and address, under their headers."""
_FREE_TEXT = ("留言", "备注")
_LINE_ID = {"douyin_orders": "子订单编号", "taobao_orders": "订单编号"}
_LANDED_SECONDS = 2.5
_TOKEN_KEY = b"a key of the benchmark, thirty-two bytes"
_CHANNELS = Path(__file__).parent.parent / "dagster_project" / "channels"


def luyue(source: str, path: Path, folder: Path) -> None:
    """Our ingestion, from the file in landing/ to lake, vault, quarantine and ledger."""
    from dagster_project import settings
    from dagster_project.lib.ingest import ingest

    result = ingest(settings.load(data=folder / "data", landing=folder / "landing", env={}))
    counts = result.sources[source]
    if counts["files_refused"] or counts["rows_accepted"] != counts["rows_read"]:
        raise SystemExit(f"the benchmark's file was not taken whole: {counts}, {result.refused_files}")


def _land(source: str, path: Path, folder: Path) -> None:
    """Puts the file into landing/ and waits: one that arrived this very moment is digested twice."""
    landing = folder / "landing" / source
    landing.mkdir(parents=True)
    (landing / path.name).hardlink_to(path)
    time.sleep(_LANDED_SECONDS)


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
    frame = _undressed(_pandas_text(source, path))
    _typed(frame)
    frame.to_parquet(folder / "pandas.parquet")


def pandas_same(source: str, path: Path, folder: Path) -> None:
    """The same, as far as ours goes: also tokens of name, phone and address, a mask of the name, no phones in
    free text, the unmapped columns as one JSON text; at last, since ours keeps every row, the newest row of
    each order line."""
    import pandas as pd

    frame = _undressed(_pandas_text(source, path).rename(columns=str.strip))
    mapped = set(pd.read_csv(_CHANNELS / source / "column_map.csv")["header"])
    rest = frame[[name for name in frame.columns if name not in mapped and frame[name].notna().any()]]
    frame = frame[[name for name in frame.columns if name in mapped]].copy()
    name, _, address = _PRIVATE[source]
    for column in _PRIVATE[source]:
        frame[f"{column}_token"] = [
            hmac.digest(_TOKEN_KEY, cell.encode(), "sha256").hex() if isinstance(cell, str) else None
            for cell in frame[column]
        ]
    frame[name] = frame[name].str[:1] + "*"
    frame = frame.drop(columns=address)
    for column in frame.columns:
        if any(word in column for word in _FREE_TEXT):
            frame[column] = frame[column].str.replace(r"(1[3-9]\d)\d{4}(\d{4})", r"\1****\2", regex=True)
    frame["extras"] = [
        json.dumps({key: cell for key, cell in row.items() if isinstance(cell, str)}, ensure_ascii=False)
        for row in rest.to_dict("records")
    ]
    _typed(frame)
    frame.drop_duplicates(_LINE_ID[source], keep="last").to_parquet(folder / "pandas_same.parquet")


def _pandas_text(source: str, path: Path) -> pd.DataFrame:
    """All cells as text."""
    import pandas as pd

    if path.suffix == ".xlsx":
        return pd.read_excel(path, dtype=str)
    return pd.read_csv(path, dtype=str, encoding="gb18030" if source == "taobao_orders" else "utf-8-sig")


def _undressed(frame: pd.DataFrame) -> pd.DataFrame:
    """The cells without decoration, in place."""
    for name in frame.columns:
        cells = frame[name].str.replace(r'^="(.*)"$', r"\1", regex=True).str.strip("\t '")
        frame[name] = cells.replace(dict.fromkeys(_NULL_WORDS))
    return frame


def _typed(frame: pd.DataFrame) -> None:
    """Times, amounts and states, and masks of the phones, in place."""
    import pandas as pd

    for name in frame.columns:
        cells = frame[name]
        if name.endswith("时间 ") or name.endswith("时间"):
            cells = pd.to_datetime(cells, errors="coerce")
        elif any(word in name for word in _MONEY):
            cells = pd.to_numeric(cells.str.replace(_NO_NUMBER, "", regex=True), errors="coerce")
        elif name == "订单状态":
            cells = cells.map(STATES).fillna("unknown")
        elif any(word in name for word in _PHONE):
            cells = cells.str.replace(r"^(1\d{2})\d{4}(\d{4})", r"\1****\2", regex=True)
        frame[name] = cells


def _utf8(source: str, path: Path) -> bytes | Path:
    """The text as the engines read it: GB18030 has to be decoded for them."""
    return path.read_bytes().decode("gb18030").encode() if source == "taobao_orders" else path


READERS: dict[str, Callable[[str, Path, Path], None]] = {
    "luyue": luyue, "polars": polars, "duckdb": duckdb, "pandas": pandas,
    "pandas_same": pandas_same,
}  # fmt: skip
_PANDAS = ("pandas", "pyarrow.parquet", "pyarrow.compute")
_IMPORTS = {
    "luyue": (
        "dagster_project.lib.ingest.running", "pyarrow.parquet", "pyarrow.parquet.encryption", "numba",
        "dagster_project.lib.ingest.building",
    ),
    "polars": ("polars",), "duckdb": ("duckdb",), "pandas": _PANDAS, "pandas_same": _PANDAS,
}  # fmt: skip
"""What each reader needs, before the clock runs. Compiled code is loaded while it runs."""


def warm_up() -> None:
    """Imports what every reader imports and compiles what `luyue warm-up` does, so that no reader is
    measured at its first start ever, when Python and numba write what later starts read."""
    from dagster_project.lib.warm_up import compile_reading

    for names in _IMPORTS.values():
        for name in names:
            import_module(name)
    compile_reading()


def main() -> None:
    """Measures one reader on one file; the folder is emptied first. `warm-up` alone measures nothing."""
    if sys.argv[1:] == ["warm-up"]:
        warm_up()
        return
    reader, source, path, folder = sys.argv[1], sys.argv[2], Path(sys.argv[3]), Path(sys.argv[4])
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    for name in _IMPORTS[reader]:
        import_module(name)
    if reader == "luyue":
        _land(source, path, folder)
    started = time.perf_counter()
    READERS[reader](source, path, folder)
    seconds = time.perf_counter() - started
    used = resource.getrusage(resource.RUSAGE_SELF)
    cpu = round(used.ru_utime + used.ru_stime, 2)
    figures = {"seconds": round(seconds, 2), "cpu_seconds": cpu, "peak_mb": used.ru_maxrss // 1024}
    json.dump(figures, sys.stdout)


if __name__ == "__main__":
    main()
