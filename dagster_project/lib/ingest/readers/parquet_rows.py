"""Parquet → RawTables, a few row groups at a time: every column as text.

Times with a zone become Asia/Shanghai wall clock, lists and structs JSON.
"""

from __future__ import annotations

from collections.abc import Iterator

import polars as pl

from dagster_project.lib.ingest.errors import FileRefusedError
from dagster_project.lib.ingest.readers.source import ByteSource
from dagster_project.lib.ingest.readers.table import RawTable

SHANGHAI = "Asia/Shanghai"
BYTES_PER_ROW = 256
"""A block of text holds about so many bytes for each row, so a chunk has block_bytes / BYTES_PER_ROW rows."""


def read_parquet(source: ByteSource) -> Iterator[RawTable]:
    """All rows, in chunks. Lines are the numbers of the rows, from 1."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    rows, line = max(source.block_bytes // BYTES_PER_ROW, 1), 1
    try:
        with source.open() as stream, pq.ParquetFile(stream) as file:
            if not file.metadata.num_rows:
                yield _table(pl.DataFrame(file.schema_arrow.empty_table()), line)
            for batch in file.iter_batches(rows, use_threads=False):
                yield _table(pl.DataFrame(pa.Table.from_batches([batch])), line)
                line += batch.num_rows
    except (pa.ArrowException, OSError) as error:
        raise FileRefusedError(
            "unreadable", f"not a whole Parquet file: {' '.join(str(error).split())[:160]}"
        ) from error


def _table(frame: pl.DataFrame, line: int) -> RawTable:
    headers = frame.columns
    cells = frame.select(_as_text(frame[name]).alias(f"c{i}") for i, name in enumerate(headers))
    return RawTable(headers, cells, pl.int_range(line, line + cells.height, eager=True))


def _as_text(column: pl.Series) -> pl.Series:
    dtype = column.dtype
    if isinstance(dtype, pl.Datetime):
        local = (
            column.dt.convert_time_zone(SHANGHAI).dt.replace_time_zone(None) if dtype.time_zone else column
        )
        return local.dt.strftime("%Y-%m-%d %H:%M:%S%.6f")
    if isinstance(dtype, pl.List | pl.Struct | pl.Array):
        wrapped = column.alias("v").to_frame().select(pl.struct("v").struct.json_encode()).to_series()
        text = wrapped.str.strip_prefix('{"v":').str.strip_suffix("}")
        return text.set(text == "null", None)
    if dtype == pl.Binary:
        return column.cast(pl.String, strict=False)
    return column.cast(pl.String)
