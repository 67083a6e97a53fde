"""The single measurements of the address benchmark, each run in a process of its own by `addresses.py`."""

from __future__ import annotations

import resource
import time
from collections.abc import Callable
from functools import partial
from typing import Any

import duckdb
import polars as pl

_SOURCE_ROWS = 20_000
"""Simulated addresses; longer tables repeat them, each time with another number before the door's."""
_LENGTHS = (1_000, 10_000)
"""Characters of a hostile text, and of one ten times as long."""
_TIMES = 200
_FIRST = ("北京市朝阳区", "江苏省南京市姑楼区")
"""Addresses that load all there is to load, the sounds of characters too: told as the first call."""


def texts(rows: int) -> pl.Series:
    """So many distinct addresses: clean ones, and one in five with noise."""
    from benchmarks import address_noise
    from benchmarks.address_world import World

    world = World(3)
    clean = [f"{p.chain}{p.town}{p.door}" for p in (world.place() for _ in range(_SOURCE_ROWS * 4 // 5))]
    few = min(rows, _SOURCE_ROWS)
    noisy = ["".join(case.columns.values()) for case in world.cases(few // 5 // 41 + 1, address_noise.KINDS)]
    base = pl.Series("address", clean + noisy).shuffle(seed=1).head(few)
    repeated = pl.concat([base] * (rows // base.len() + 1)).head(rows).to_frame()
    number = pl.int_range(pl.len()) // base.len()
    return repeated.select(
        pl.when(number > 0)
        .then(pl.col("address") + number.cast(pl.String) + "室")
        .otherwise("address")
        .alias("address")
    ).to_series()


def from_duckdb(rows: int, all_detail: bool) -> dict[str, Any]:
    """From a DuckDB table to a DuckDB table."""
    from identity.addresses import adcodes, standardise

    connection = duckdb.connect(config={"threads": 1})
    connection.register("given", pl.DataFrame({"address": texts(rows)}).to_arrow())
    connection.execute("create table orders as select address from given")
    standardise(pl.DataFrame({"address": _FIRST}))
    wall, cpu = time.perf_counter(), time.process_time()
    frame = pl.from_arrow(connection.sql("select address from orders").to_arrow_table())
    assert isinstance(frame, pl.DataFrame)
    found = standardise(frame) if all_detail else adcodes(frame).to_frame()
    connection.register("found", found.to_arrow())
    connection.execute("create table standardised as select * from found")
    return _timed(rows, time.perf_counter() - wall, time.process_time() - cpu)


def many(rows: int) -> dict[str, Any]:
    """All detail of distinct rows, written to Parquet chunk by chunk; seconds and the most memory of it."""
    import tempfile
    from pathlib import Path

    from dagster_project.lib.address_files import normalise_file

    with tempfile.TemporaryDirectory() as folder:
        source = Path(folder) / "in.parquet"
        pl.DataFrame({"address": texts(rows)}).write_parquet(source)
        done = normalise_file(source, "address", Path(folder) / "out.parquet")
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
    return {
        "rows": done.rows,
        "seconds": done.seconds,
        "rows_per_second": done.rows_per_second,
        "peak_mb": peak,
    }


def start(rows: int) -> dict[str, Any]:
    """Seconds of import and of the first addresses; compiled code and tables are kept from before."""
    begun = time.process_time()
    from identity.addresses import standardise

    imported = time.process_time()
    standardise(pl.DataFrame({"address": _FIRST}))
    first = time.process_time()
    return {
        "rows": rows,
        "import_seconds": round(imported - begun, 2),
        "first_seconds": round(first - imported, 2),
    }


def hostile(rows: int) -> dict[str, Any]:
    """How many times as long a text takes that is ten times as long, the worst of several kinds."""
    from identity.addresses import standardise

    pieces = {
        "chains": "浙江省杭州市西湖区", "towns": "横店镇", "digits": "1-", "letters": "AB ",
        "roads": "朝阳路", "districts": "朝阳区", "gaps": " ，", "plain": "长",
        "numbers": "12号", "phones": "13912345678 ",
        "people": "收货人 张三 ", "numerals": "三单元", "masks": "1*",
        "emoji": "🏠", "controls": "\x07\u200b", "composed": "e\u0301",
        "conflicts": "杭州市西湖区文三路1号南京市鼓楼区",
    }  # fmt: skip
    seconds: dict[str, list[float]] = {}
    for name, piece in pieces.items():
        for length in _LENGTHS:
            text = (piece * length)[:length]
            frame = pl.DataFrame({"address": [text] * (_TIMES * _LENGTHS[0] // length * 10)})
            begun = time.process_time()
            standardise(frame)
            seconds.setdefault(name, []).append((time.process_time() - begun) / frame.height)
    times = {name: round(long / short, 1) for name, (short, long) in seconds.items()}
    return {"rows": rows, "times": times, "slowest": max(times.values())}


def peer(rows: int, name: str) -> dict[str, Any]:
    """A peer over the first of the rows; skipped where it is not installed."""
    from identity.addresses import peers

    if name not in peers.installed():
        return {"rows": 0, "skipped": "not installed, skipped (pip install 'luyue[address-peers]')"}
    given = texts(rows if name not in peers.SLOW else min(rows, 1000)).to_list()
    read = peers.reader(name)
    read(given[:1])
    wall, cpu = time.perf_counter(), time.process_time()
    read(given)
    return _timed(len(given), time.perf_counter() - wall, time.process_time() - cpu)


def _timed(rows: int, wall: float, cpu: float) -> dict[str, Any]:
    return {
        "rows": rows,
        "seconds": round(wall, 3),
        "cpu_seconds": round(cpu, 3),
        "rows_per_cpu_second": round(rows / cpu),
    }


MEASURES: dict[str, Callable[[int], dict[str, Any]]] = {
    "adcode": partial(from_duckdb, all_detail=False),
    "detail": partial(from_duckdb, all_detail=True),
    "many": many,
    "start": start,
    "hostile": hostile,
    **{name: partial(peer, name=name) for name in ("cpca", "jionlp", "addressparser")},
}
