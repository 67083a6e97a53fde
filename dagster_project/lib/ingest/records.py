"""JSON documents, JSON lines and Parquet → RawTable: the keys or column names are the header.

Numbers keep the digits that the file shows; nested values stay JSON text.
"""

from __future__ import annotations

import io
from typing import TYPE_CHECKING

import polars as pl

from dagster_project.lib.ingest.errors import FileRefusedError
from dagster_project.lib.ingest.table import BadRow, RawTable

if TYPE_CHECKING:
    import duckdb

SHANGHAI = "Asia/Shanghai"
_connections: list[duckdb.DuckDBPyConnection] = []


def read_json(text: str, records: str | None) -> RawTable:
    """Rows of JSON lines, of a list of objects, or of one object.

    With `records` the rows are the items of that list inside each object: their keys are named
    `<records>[].<key>`, the keys of the object around them stay as they are. A line is the line of JSON
    lines, else the number of the object.
    """
    stripped = text.strip()
    first = stripped.split("\n", 1)[0]
    if stripped.startswith("["):
        frame = _query("select unnest(from_json(doc, '[\"JSON\"]')) as doc from docs", _docs([stripped]))
        frame = frame.with_row_index("line", offset=1)
    elif (first == stripped or not _is_one_object(first)) and _is_one_object(stripped):
        frame = pl.DataFrame({"line": [1], "doc": [stripped]})
    else:
        lines = pl.Series("doc", text.split("\n"), dtype=pl.String).str.strip_chars()
        frame = pl.DataFrame({"line": pl.int_range(1, lines.len() + 1, eager=True), "doc": lines})
        frame = frame.filter(pl.col("doc") != "")
    frame = frame.with_columns(pl.col("line").cast(pl.Int64))
    objects = _query(
        "select doc, line, case when json_valid(doc) then json_type(doc) = 'OBJECT' else false end as ok "
        "from docs",
        frame,
    ).sort("line")
    whole = text.endswith("\n") or stripped.endswith(("}", "]"))
    bad = [
        BadRow(line, *_why(line == frame["line"][-1] and not whole), raw=doc)
        for line, doc in objects.filter(~pl.col("ok").fill_null(False)).select("line", "doc").iter_rows()
    ]
    good = objects.filter(pl.col("ok").fill_null(False)).select("line", "doc")
    if not good.height:
        raise FileRefusedError("unreadable", "no JSON object could be read", len(bad))
    table = _columns(good, "")
    table.bad = bad
    return table if records is None else _explode(table, records)


def read_parquet(data: bytes) -> RawTable:
    """All columns as text; times with a zone become Asia/Shanghai wall clock, lists and structs JSON."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    try:
        with pq.ParquetFile(io.BytesIO(data)) as file:
            frame = pl.from_arrow(file.read())
    except (pa.ArrowException, OSError) as error:
        raise FileRefusedError(
            "unreadable", f"not a whole Parquet file: {' '.join(str(error).split())[:160]}"
        ) from error
    assert isinstance(frame, pl.DataFrame)
    headers = frame.columns
    cells = frame.select(_as_text(frame[name]).alias(f"c{i}") for i, name in enumerate(headers))
    return RawTable(headers, cells, pl.int_range(1, cells.height + 1, eager=True))


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


def _is_one_object(text: str) -> bool:
    return bool(_query("select json_valid(doc) as ok from docs", _docs([text]))["ok"][0])


def _columns(objects: pl.DataFrame, prefix: str) -> RawTable:
    """One column for each key that any object has, in the order of first appearance."""
    names = _query(
        "select key from (select unnest(json_keys(doc)) as key, line from docs) "
        "group by key order by min(line)",
        objects,
    )["key"].to_list()
    paths = [f'$."{name}"' for name in names]
    lists = _query("select line, json_extract_string(doc, $paths) as cells from docs", objects, paths=paths)
    frame = lists.select(
        pl.col("cells").list.get(i, null_on_oob=True).alias(f"c{i}") for i in range(len(names))
    )
    return RawTable([prefix + name for name in names], frame, lists["line"])


def _explode(outer: RawTable, records: str) -> RawTable:
    if records not in outer.headers:
        raise FileRefusedError("missing_column", f"no object has the list {records}", outer.rows_read)
    at = outer.headers.index(records)
    keep = [i for i in range(len(outer.headers)) if i != at]
    numbered = outer.frame.with_columns(outer.lines.alias("line")).with_row_index("parent")
    items = _query(
        "select parent, line, unnest(from_json(doc, '[\"JSON\"]')) as doc, "
        "generate_subscripts(from_json(doc, '[\"JSON\"]'), 1) as n from docs",
        numbered.select("parent", "line", pl.col(f"c{at}").alias("doc")).filter(pl.col("doc").is_not_null()),
    ).sort("parent", "n")
    order = items.with_row_index("line2", offset=1)
    inner = _columns(order.select(pl.col("line2").cast(pl.Int64).alias("line"), "doc"), f"{records}[].")
    around = outer.frame[order["parent"].to_list()].select(f"c{i}" for i in keep)
    width = len(keep)
    frame = pl.concat(
        [
            around.rename({f"c{i}": f"c{position}" for position, i in enumerate(keep)}),
            inner.frame.rename({f"c{i}": f"c{width + i}" for i in range(len(inner.headers))}),
        ],
        how="horizontal",
    )
    headers = [outer.headers[i] for i in keep] + inner.headers
    return RawTable(headers, frame, order["line"].cast(pl.Int64), outer.bad, outer.notices)


def _why(cut: bool) -> tuple[str, str]:
    return (
        ("cut_line", "the file ends inside this line") if cut else ("bad_json", "the line is no JSON object")
    )


def _docs(documents: list[str]) -> pl.DataFrame:
    return pl.DataFrame({"line": pl.int_range(1, len(documents) + 1, eager=True), "doc": documents})


def _query(sql: str, docs: pl.DataFrame, **parameters: object) -> pl.DataFrame:
    """Runs one statement over the relation `docs` on a cursor of the process's in-memory database."""
    import duckdb

    if not _connections:
        _connections.append(duckdb.connect(config={"threads": 1}))
    with _connections[0].cursor() as cursor:
        cursor.register("docs", docs.to_arrow())
        try:
            frame = pl.DataFrame(cursor.sql(sql, params=parameters or None).to_arrow_table())
        except duckdb.Error as error:
            raise FileRefusedError(
                "unreadable", f"not whole JSON: {' '.join(str(error).split())[:160]}"
            ) from error
    return frame
