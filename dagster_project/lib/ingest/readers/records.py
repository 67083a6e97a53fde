"""JSON documents and JSON lines → RawTables: the keys are the header.

Numbers keep the digits that the file shows; nested values stay JSON text. JSON lines are read block by block
under the keys of the whole file; any other document is held in memory whole.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

import polars as pl

from dagster_project.lib.ingest.errors import FileRefusedError
from dagster_project.lib.ingest.readers.json_nesting import Nesting
from dagster_project.lib.ingest.readers.json_query import documents, lines_of, query
from dagster_project.lib.ingest.readers.json_rows import Keys, rows_of
from dagster_project.lib.ingest.readers.table import RawTable

if TYPE_CHECKING:
    import pyarrow as pa

Blocks = Callable[[], Iterable[bytes]]
"""Opens the file anew: its blocks of UTF-8."""
LARGEST_DOCUMENT_BYTES = 256 << 20
"""A longer line is refused. A larger list is read item by item; a larger file that is none, and whose first
line is no object, can only be damaged JSON lines."""
_NUL = b"\\u0000"
_DAMAGE = ("\ufffd".encode(), b"\\u")
"""What may stand for U+FFFD in JSON: the character, or its escape."""


def read_json(blocks: Blocks, nesting: Nesting, largest: int = LARGEST_DOCUMENT_BYTES) -> Iterator[RawTable]:
    """Rows of JSON lines, of a list of objects, or of one object.

    With `nesting.records` the rows are the items of that list inside each object: their keys are named
    `<records>[].<key>`, the keys of the object around them stay as they are. A line is the line of JSON
    lines, else the number of the object.
    """
    document, is_large_list = _document(blocks(), largest)
    if is_large_list:
        yield from _read_lines(lambda: _items(blocks()), nesting, is_list=True)
        return
    if document is None:
        yield from _read_lines(blocks, nesting)
        return
    text = document.decode().strip()
    if text.startswith("["):
        items = "select unnest(from_json(doc, '[\"JSON\"]')) as doc from docs"
        frame = query(f"select coalesce(doc, 'null') as doc from ({items})", documents([text]))
        docs = frame.with_row_index("line", offset=1).with_columns(pl.col("line").cast(pl.Int64)).to_arrow()
    else:
        docs = documents([text])
    keys = Keys(nesting)
    keys.see(docs)
    if not keys.objects:
        raise FileRefusedError("unreadable", "no JSON object could be read", docs.num_rows)
    keys.check()
    yield _judged(rows_of(docs, keys, ends_cut=False), document)


def _document(blocks: Iterable[bytes], largest: int) -> tuple[bytes | None, bool]:
    """The whole text if it is one document: a list, or one object over several lines; null for JSON lines,
    and for a list that is too large to be held, with true."""
    whole = b""
    for block in blocks:
        whole += block
        begin = len(whole) - len(whole.lstrip())
        end = whole.find(b"\n", begin)
        is_list = whole[begin : begin + 1] == b"["
        more = not is_list and end >= 0 and not whole[end:].isspace()
        if more and _is_one_object(whole[begin:end]):
            return None, False
        if len(whole) > largest:
            return None, is_list
    start = whole.strip()
    return (whole if start.startswith(b"[") or _is_one_object(start) else None), False


def _items(blocks: Iterable[bytes]) -> Iterator[bytes]:
    from dagster_project.lib.ingest.compiled.listing import NotWholeError, items

    try:
        yield from items(blocks)
    except NotWholeError as error:
        raise FileRefusedError(
            "unreadable", "not whole JSON: the list does not end, or goes on behind its end"
        ) from error


def _is_one_object(text: bytes) -> bool:
    return bool(query("select json_valid(doc) as ok from docs", documents([text.decode()]))["ok"][0])


def _read_lines(blocks: Blocks, nesting: Nesting, *, is_list: bool = False) -> Iterator[RawTable]:
    """The tables of JSON lines, or of the items of a list, one a line: a list has no item that is no JSON.
    Where there is more than one block, the keys are gathered first."""
    stream = whole_lines(blocks())
    block = next(stream)
    keys = Keys(nesting)
    for seen in [block] if block.is_last else whole_lines(blocks()):
        docs = lines_of(seen.data, seen.line)
        if is_list:
            _check_items(docs)
        keys.see(docs)
    if not keys.objects:
        lines = sum(
            rows_of(lines_of(seen.data, seen.line), keys, False).rows_read for seen in whole_lines(blocks())
        )
        raise FileRefusedError("unreadable", "no JSON object could be read", lines)
    keys.check()
    yield _table(block, keys)
    for block in stream:
        yield _table(block, keys)


def _check_items(docs: pa.Table) -> None:
    wrong = query(
        "select min(line) as n from docs where not json_valid(doc) and trim(doc, ' \n') <> ''", docs
    )["n"]
    if wrong[0] is not None:
        raise FileRefusedError("unreadable", f"not whole JSON: item {wrong[0]} of the list is damaged")


def _table(block: Lines, keys: Keys) -> RawTable:
    cut = block.is_last and not block.data.endswith(b"\n") and not block.data.rstrip().endswith((b"}", b"]"))
    return _judged(rows_of(lines_of(block.data, block.line), keys, cut), block.data)


def _judged(table: RawTable, data: bytes) -> RawTable:
    """The table of these bytes: whether a cell may be damaged, and without the NUL characters that JSON can
    write."""
    table.damaged = any(sign in data for sign in _DAMAGE)
    if _NUL in data:
        held = table.frame.select(pl.any_horizontal(pl.all().str.contains("\0", literal=True)).any()).item()
        if held:
            table.raw = table.frame.with_columns(pl.all().str.replace_all("\0", "", literal=True))
            table.notices.append("NUL characters were removed")
    return table


@dataclass(frozen=True)
class Lines:
    """Whole lines of UTF-8, and the number of the first."""

    data: bytes
    line: int
    is_last: bool


def whole_lines(blocks: Iterable[bytes]) -> Iterator[Lines]:
    """The text cut at line ends only."""
    left, line, waiting = b"", 1, None
    for block in blocks:
        if waiting is not None:
            yield waiting
        data = left + block
        end = data.rfind(b"\n") + 1
        waiting, left = Lines(data[:end], line, False), data[end:]
        line += waiting.data.count(b"\n")
        if len(left) > LARGEST_DOCUMENT_BYTES:
            raise FileRefusedError("unreadable", f"a line is over {LARGEST_DOCUMENT_BYTES >> 20} MB long")
    if waiting is not None:
        yield Lines(waiting.data + left, waiting.line, True)
