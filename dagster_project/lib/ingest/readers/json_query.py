"""JSON documents in the hands of an in-memory DuckDB: one statement over the relation `docs`.

Which statements, and what their rows mean, stands in records.py.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from dagster_project.lib.ingest.errors import FileRefusedError

if TYPE_CHECKING:
    import duckdb
    import polars as pl
    import pyarrow as pa

_INPUT = " Input: "
"""Behind it DuckDB's messages quote the document, which may hold anything; cut inside a character, it
cannot even be read."""
_connections: list[duckdb.DuckDBPyConnection] = []


def query(sql: str, docs: pa.Table, **parameters: object) -> pl.DataFrame:
    """Runs one statement over `docs` on a cursor of the process's database. Refuses the file where a document
    is not whole."""
    import duckdb
    import polars as pl

    if not _connections:
        _connections.append(duckdb.connect(config={"threads": 1}))
    with _connections[0].cursor() as cursor:
        cursor.register("docs", docs)
        try:
            frame = pl.DataFrame(cursor.sql(sql, params=parameters or None).to_arrow_table())
        except (duckdb.Error, UnicodeDecodeError) as error:
            cut = isinstance(error, UnicodeDecodeError)
            told = "it ends early or goes on behind its end" if cut else str(error).split(_INPUT)[0]
            raise FileRefusedError("unreadable", f"not whole JSON: {' '.join(told.split())[:160]}") from error
    return frame


def documents(texts: list[str], first_line: int = 1) -> pa.Table:
    """The relation of these documents, numbered from `first_line`."""
    import polars as pl

    lines = pl.int_range(first_line, first_line + len(texts), eager=True)
    return pl.DataFrame({"line": lines, "doc": texts}, schema_overrides={"doc": pl.String}).to_arrow()


def lines_of(data: bytes, first_line: int) -> pa.Table:
    """The relation of the lines of UTF-8 text, line breaks left at their ends, without a copy of the text.

    Made of buffers, since `pa.array` would import pandas, which takes a second.
    """
    import numpy as np
    import pyarrow as pa

    ends = np.flatnonzero(np.frombuffer(data, np.uint8) == 10).astype(np.int64) + 1
    if not len(ends) or ends[-1] != len(data):
        ends = np.append(ends, len(data))
    offsets = np.concatenate((np.zeros(1, np.int64), ends))
    buffers = [None, pa.py_buffer(offsets), pa.py_buffer(data)]
    docs = pa.Array.from_buffers(pa.large_string(), len(ends), buffers)
    numbers = np.arange(first_line, first_line + len(ends), dtype=np.int64)
    lines = pa.Array.from_buffers(pa.int64(), len(ends), [None, pa.py_buffer(numbers)])
    return pa.Table.from_arrays([lines, docs], names=["line", "doc"])
