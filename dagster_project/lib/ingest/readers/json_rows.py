"""JSON objects → a RawTable, under keys that are gathered over the whole file before.

Where the objects come from stands in records.py.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl

from dagster_project.lib.ingest.errors import FileRefusedError
from dagster_project.lib.ingest.readers.json_nesting import Nesting
from dagster_project.lib.ingest.readers.json_query import query
from dagster_project.lib.ingest.readers.table import BadRow, RawTable

if TYPE_CHECKING:
    import pyarrow as pa

_IS_OBJECT = "coalesce(try(json_type(doc)) = 'OBJECT', false)"
_ITEMS = "from_json(json_extract(doc, $list), '[\"JSON\"]')"


class Keys:
    """The keys of all objects seen, and with `records` those of the items of that list, in the order of their
    first appearance."""

    def __init__(self, nesting: Nesting) -> None:
        self.nesting, self.records, self.objects = nesting, nesting.records, 0
        self._outer: dict[str, None] = {}
        self._inner: dict[str, None] = {}

    @property
    def outer(self) -> list[str]:
        """Keys of the objects, less the list of records."""
        return [key for key in self._outer if key != self.records]

    @property
    def inner(self) -> list[str]:
        """Keys of the items."""
        return list(self._inner)

    @property
    def headers(self) -> list[str]:
        return self.outer + [f"{self.records}[].{key}" for key in self._inner]

    def see(self, docs: pa.Table) -> None:
        """Adds the keys of these documents (columns line, doc); those that are no objects are passed over."""
        docs = self.nesting.unwrapped(docs)
        objects = f"select json_keys(doc) as keys, line from docs where {_IS_OBJECT}"
        found = _keys_by_line(objects, docs)
        self._outer |= dict.fromkeys(key for keys in found["keys"] for key in keys)
        self.objects += int(found["n"].sum())
        if self.records in self._outer:
            items = f"select unnest({_ITEMS}) as item, line from docs where {_IS_OBJECT}"
            found = _keys_by_line(
                f"select json_keys(item) as keys, line from ({items})", docs, list=path(self.records)
            )
            self._inner |= dict.fromkeys(key for keys in found["keys"] for key in keys)

    def check(self) -> None:
        """Refuses a file without the list of records."""
        if self.records is not None and self.records not in self._outer and not self.nesting.lone:
            raise FileRefusedError("missing_column", f"no object has the list {self.records}", self.objects)


def path(key: str | None) -> str:
    """The JSON path of a key; a pointer where a path cannot name it."""
    assert key is not None
    if key and not set('"\\') & set(key):
        return f'$."{key}"'
    return "/" + key.replace("~", "~0").replace("/", "~1")


def rows_of(docs: pa.Table, keys: Keys, ends_cut: bool) -> RawTable:
    """One row for each object, or for each item of its list of records. Documents that are no objects come
    back as bad rows; blank ones are passed over. `ends_cut`: the last of them ends with the file, cut."""
    last = docs["line"][-1].as_py() if ends_cut else None
    docs = keys.nesting.unwrapped(docs)
    judged = f"select line, doc, {_IS_OBJECT} as is_object, row_number() over () as k from docs"
    if keys.records is None:
        cells = f"json_extract_string(doc, {_list(keys.outer)})" if keys.outer else "[]::varchar[]"
        sql = (
            f"select k, line, is_object, case when not is_object then doc end as raw"
            f"{_columns('l', keys.outer)} "
            f"from (select *, case when is_object then {cells} end as l from ({judged}))"
        )
        found = query(sql, docs)
    else:
        found = _exploded(docs, keys, judged)
    found = found.sort("k", *(["n"] if "n" in found.columns else []), maintain_order=True)
    good = found if found["is_object"].all() else found.filter("is_object")
    bad = found.filter(~pl.col("is_object")).select("line", pl.col("raw").str.strip_chars())
    bad = bad.filter(pl.col("raw") != "")
    width = len(keys.headers)
    return RawTable(
        keys.headers,
        good.select(f"c{i}" for i in range(width)),
        good["line"],
        [BadRow(line, *_why(line == last), raw=raw) for line, raw in bad.iter_rows()],
    )


def _exploded(docs: pa.Table, keys: Keys, judged: str) -> pl.DataFrame:
    outer = f"json_extract_string(doc, {_list(keys.outer)})" if keys.outer else "[]::varchar[]"
    inner = f"json_extract_string(item, {_list(keys.inner)})" if keys.inner else "[]::varchar[]"
    shift = len(keys.outer)
    listed = f"coalesce({_ITEMS}, ['{{}}'::json])" if keys.nesting.lone else _ITEMS
    items = (
        f"select k, line, l, unnest(items) as item, generate_subscripts(items, 1) as n "
        f"from (select k, line, {outer} as l, {listed} as items from ({judged}) where is_object)"
    )
    rows = (
        f"select k, line, n, true as is_object, null::varchar as raw"
        f"{_columns('l', keys.outer)}{_columns('m', keys.inner, shift)} "
        f"from (select k, line, n, l, {inner} as m from ({items}))"
    )
    found = query(rows, docs, list=path(keys.records))
    bad = query(
        f"select k, line, 0::bigint as n, is_object, doc as raw from ({judged}) where not is_object", docs
    )
    return pl.concat([found, bad], how="diagonal") if bad.height else found


def _keys_by_line(sql: str, docs: pa.Table, **parameters: object) -> pl.DataFrame:
    """Distinct lists of keys and how often they occur, by the first line that has them."""
    grouped = f"select keys, count(*) as n from ({sql}) group by keys order by min(line)"
    return query(grouped, docs, **parameters)


def _list(keys: list[str]) -> str:
    """A list of paths as SQL."""
    return "[" + ", ".join("'" + path(key).replace("'", "''") + "'" for key in keys) + "]"


def _columns(cells: str, keys: list[str], shift: int = 0) -> str:
    return "".join(f", {cells}[{i + 1}] as c{i + shift}" for i in range(len(keys)))


def _why(cut: bool) -> tuple[str, str]:
    return (
        ("cut_line", "the file ends inside this line") if cut else ("bad_json", "the line is no JSON object")
    )
