"""Worker processes: they take files as threads do, die with who started them, and are missed if they die."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import polars as pl
import pytest
from support.ingest_files import DOUYIN, EVENT, csv_bytes, put, settings

from dagster_project.lib.errors import LuyueError
from dagster_project.lib.ingest import ingest, scan, taking
from dagster_project.lib.ingest.running import IngestResult, _contracts, _in_order
from dagster_project.lib.ingest.store import Store, read_ledger
from dagster_project.lib.ingest.worker import WorkerPool
from dagster_project.settings import Settings
from identity.vault import load_or_create_key

PATIENCE_SECONDS = 30


def landed(folder: Path) -> Settings:
    """Settings of a data folder with a few files of two sources, one of them bad."""
    of = settings(folder)
    for n in range(3):
        put(of, "douyin_orders", f"176300000{n}_a.csv", csv_bytes([DOUYIN | {"商品数量": str(n + 1)}] * 4))
    put(of, "douyin_orders", "1763000009_a.csv", b"x,y\n1,2\n")
    put(of, "luyue_order_events", "e.jsonl", str(EVENT).replace("'", '"').encode())
    return of


def lake(of: Settings) -> list[tuple[object, ...]]:
    """Ledger and lake, less what depends on the folder's place and time."""
    ledger = read_ledger(of.lake).sort("batch_id").drop("exported_at", "arrival_seq")
    rows = [pl.read_parquet(path) for path in sorted(of.lake.glob("*/source=*/*.parquet"))]
    return ledger.rows() + [row for frame in rows for row in frame.drop("exported_at").rows()]


def is_alive(pid: int) -> bool:
    """Whether a process runs; one that waits to be collected does not."""
    stat = Path(f"/proc/{pid}/stat")
    return stat.exists() and stat.read_text().rpartition(")")[2].split()[0] != "Z"


def test_workers_and_threads_take_the_same(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    in_threads, in_workers = landed(tmp_path / "threads"), landed(tmp_path / "workers")
    ingest(in_threads)
    monkeypatch.setattr(taking, "WORTH_WORKERS_BYTES", 1)
    monkeypatch.setattr(taking, "worker_count", lambda sizes: 2)
    result = ingest(in_workers)
    assert result.sources["douyin_orders"]["files"] == 4
    assert result.refused_files == [
        "douyin_orders/1763000009_a.csv: no_header: none of the first 20 rows holds a known column name"
    ]
    assert lake(in_workers) == lake(in_threads)


def test_few_bytes_are_not_worth_workers() -> None:
    many = [taking.WORTH_WORKERS_BYTES] * 3
    assert taking.worker_count(many, cores=2) == 2
    assert taking.worker_count(many, cores=16) == 3
    assert taking.worker_count(many, cores=1) == 0
    assert taking.worker_count(many[:1], cores=8) == 0
    assert taking.worker_count([1000] * 50, cores=8) == 0


@pytest.mark.skipif(not Path("/proc/self/stat").exists(), reason="looks at processes as Linux shows them")
def test_workers_die_with_a_killed_parent(tmp_path: Path) -> None:
    code = (
        "import sys, time\n"
        "from pathlib import Path\n"
        "from dagster_project import settings\n"
        "from dagster_project.lib.ingest.store import Store\n"
        "from dagster_project.lib.ingest.worker import WorkerPool\n"
        "from identity.vault import load_or_create_key\n"
        "of = settings.load(data=Path(sys.argv[1]), env={})\n"
        "key = load_or_create_key(of.vault_key_file)\n"
        "pool = WorkerPool(2, Store(of, key), key)\n"
        "print(*(worker._process.pid for worker in pool._workers), flush=True)\n"
        "time.sleep(600)\n"
    )
    parent = subprocess.Popen([sys.executable, "-c", code, str(tmp_path)], stdout=subprocess.PIPE, text=True)
    assert parent.stdout is not None
    pids = [int(pid) for pid in parent.stdout.readline().split()]
    assert len(pids) == 2
    assert all(is_alive(pid) for pid in pids)
    os.kill(parent.pid, signal.SIGKILL)
    parent.wait()
    parent.stdout.close()
    deadline = time.monotonic() + PATIENCE_SECONDS
    while any(is_alive(pid) for pid in pids) and time.monotonic() < deadline:
        time.sleep(0.05)
    assert not any(is_alive(pid) for pid in pids)


def test_a_worker_that_dies_is_told_with_its_file(tmp_path: Path) -> None:
    of = landed(tmp_path)
    store = Store(of, key := load_or_create_key(of.vault_key_file, of.vault_key))
    found = scan(of).new
    (file, origin), *_ = _in_order(found, _contracts(of, found), IngestResult(), {})
    with WorkerPool(1, store, key) as pool:
        pool._workers[0]._process.kill()
        pool._workers[0]._process.wait()
        with pytest.raises(LuyueError, match=file.source_file):
            pool.take(file, origin)
