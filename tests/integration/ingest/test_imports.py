"""Ingestion stays light: a library that nothing of it needs costs each worker process its start."""

from __future__ import annotations

import io
import json
import subprocess
import sys
from pathlib import Path

import polars as pl
from support.ingest_files import DOUYIN, EVENT, csv_bytes, put, settings


def test_no_file_makes_pandas_be_imported(tmp_path: Path) -> None:
    """pandas takes a second to import; some pyarrow functions do so unasked."""
    of = settings(tmp_path)
    put(of, "douyin_orders", "1763000000_a.csv", csv_bytes([DOUYIN | {"买家留言": "电话13800138000"}]))
    put(of, "douyin_orders", "1763000001_a.csv", csv_bytes([DOUYIN], "gb18030"))
    put(of, "luyue_order_events", "e.jsonl", (json.dumps(EVENT) + "\n" + json.dumps(EVENT)).encode())
    put(of, "luyue_order_events", "e.json", json.dumps([EVENT]).encode())
    out = io.BytesIO()
    pl.DataFrame([EVENT]).write_parquet(out)
    put(of, "luyue_order_events", "e.parquet", out.getvalue())
    code = (
        "import sys\nfrom pathlib import Path\n"
        "from dagster_project import settings\nfrom dagster_project.lib.ingest import ingest\n"
        "result = ingest(settings.load(data=Path(sys.argv[1]), env={'LUYUE_VAULT_KEY': 'ab' * 32}))\n"
        "print(sum(c['rows_accepted'] for c in result.sources.values()), 'pandas' in sys.modules)\n"
    )
    command = [sys.executable, "-c", code, str(of.data)]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    assert done.stdout.split() == ["6", "False"]


def test_compiled_code_is_loaded_without_scipy() -> None:
    """numba imports it to multiply matrices, which nothing here does: 0.27 s of each run that has it."""
    code = (
        "import sys, polars\nfrom dagster_project.lib.ingest.compiled.loading import load_columns\n"
        "from identity import addresses\nload_columns()\n"
        "addresses.standardise(polars.DataFrame({'address': ['浙江省杭州市西湖区文三路1号2幢301室']}))\n"
        "print('scipy.linalg' in sys.modules)\n"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.split() == ["False"]
