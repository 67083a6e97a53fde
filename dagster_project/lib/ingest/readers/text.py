"""Delimited text, block by block → RawTables: delimiter, header row, cut lines and lines of another width.

A record that a block's end cuts is read with the next block, so that the tables together are what the whole
text would have come to.
"""

from __future__ import annotations

import csv
import io
import itertools
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass

import polars as pl

from dagster_project.lib.ingest.errors import FileRefusedError
from dagster_project.lib.ingest.readers.csv_lines import Rows, cut_line, parse_lines
from dagster_project.lib.ingest.readers.csv_quotes import after_first_line, end_of_lines
from dagster_project.lib.ingest.readers.headers import HEADER_SCAN_ROWS, canonical_header, find_header
from dagster_project.lib.ingest.readers.table import RawTable

DELIMITERS = (",", "\t", ";", "|")
LARGEST_RECORD_BYTES = 64 << 20
"""A quote that is not closed within so many bytes counts as not closed at all."""
_HEAD_BYTES = 1 << 18
_MOST_REPAIRS = 20
"""Unclosed quotes that are stepped over before a file counts as unreadable."""


@dataclass(frozen=True)
class Layout:
    """Delimiter, names, number of cells in a row; on which line the header ends and how many bytes it takes
    with what stands above it."""

    delimiter: str
    headers: list[str]
    width: int
    line: int
    end: int


@dataclass
class _Reading:
    """Where the reading of a text stands: the next line's number, and what the last block's end cut."""

    layout: Layout
    line: int
    null_words: Collection[str]
    is_compiled: bool
    pending: bytes = b""
    repairs: int = 0
    has_cut_lines: bool = False


def read_text(
    blocks: Iterable[bytes],
    known: Collection[str],
    null_words: Collection[str] = (),
    is_compiled: bool = False,
) -> Iterator[RawTable]:
    """The rows below the header row, a table for each block of UTF-8. Lines that are no rows come back as bad
    rows, with their text. `is_compiled`: regular blocks are read by compiled code."""
    stream = _flagged(blocks)
    first = [next(stream)]
    while sum(len(block) for block, _ in first) < _HEAD_BYTES and not first[-1][1]:
        first.append(next(stream))
    layout = find_layout(b"".join(block for block, _ in first)[:_HEAD_BYTES], known)
    reading, above = _Reading(layout, layout.line + 1, null_words, is_compiled), layout.end
    for block, last in itertools.chain(first, stream):
        if last or len(block) > above:
            yield _table(reading, block[above:], last)
        above = max(above - len(block), 0)


def find_layout(head: bytes, known: Collection[str]) -> Layout:
    """The layout of a text by its first bytes. Refuses a text without a known column name."""
    text = head.decode("utf-8", "ignore")
    best: tuple[int, str, int, list[list[str]]] | None = None
    for delimiter in DELIMITERS:
        rows, ends = _first_rows(text, delimiter)
        try:
            at = find_header(rows, known)
        except FileRefusedError:
            continue
        found = len({canonical_header(cell) for cell in rows[at]} & set(known))
        if best is None or found > best[0]:
            best = (found, delimiter, ends[at], rows[at:])
    if best is None:
        raise FileRefusedError(
            "no_header", f"none of the first {HEADER_SCAN_ROWS} rows holds a known column name"
        )
    _, delimiter, line, rows = best
    headers, body = rows[0], [row for row in rows[1:] if row]
    named = max((i for i, name in enumerate(headers, start=1) if name), default=0)
    if body and max(len(row) for row in body) <= named:
        headers = headers[:named]
    wider = [len(row) for row in body if len(row) > len(headers) and not any(row[len(headers) :])]
    width = min(wider) if len(wider) == len(body) and wider else len(headers)
    above = "".join(itertools.islice(io.StringIO(text, newline=""), line))
    return Layout(delimiter, headers + [""] * (width - len(headers)), width, line, len(above.encode()))


def _first_rows(head: str, delimiter: str) -> tuple[list[list[str]], list[int]]:
    """Rows of the head and the line on which each ends, up to a cell that is too large for a header."""
    rows, ends = [], []
    reader = csv.reader(io.StringIO(head, newline=""), delimiter=delimiter)
    try:
        for row in itertools.islice(reader, HEADER_SCAN_ROWS * 2):
            rows.append(row)
            ends.append(reader.line_num)
    except csv.Error:
        return rows, ends
    return rows, ends


def _table(reading: _Reading, block: bytes, is_last: bool) -> RawTable:
    layout = reading.layout
    table = RawTable(list(layout.headers), pl.DataFrame(), pl.Series())
    data, left = _whole_lines(reading.pending, block, is_last)
    parsed: list[Rows] = []
    while True:
        rows = _rows(reading, data, is_last)
        parsed.append(rows)
        table.bad += rows.bad
        if rows.rest is None:
            reading.pending, reading.line = left, reading.line + rows.ends
            if len(reading.pending) > LARGEST_RECORD_BYTES:
                raise FileRefusedError("unreadable", f"a line is over {LARGEST_RECORD_BYTES >> 20} MB long")
            break
        reading.line, left = rows.rest_line, rows.rest + left
        if not is_last and len(left) <= LARGEST_RECORD_BYTES:
            reading.pending = left
            break
        data, left = _whole_lines(b"", _step_over(reading, table, left), is_last)
    only = parsed[0] if len(parsed) == 1 else None
    table.raw = only.raw if only else pl.concat([rows.frame for rows in parsed])
    table.lines = pl.concat([rows.lines for rows in parsed])
    table.bare = frozenset.intersection(*(rows.bare for rows in parsed))
    table.plain = frozenset.intersection(*(rows.plain for rows in parsed))
    table.damaged = any(rows.damaged for rows in parsed)
    table.cells = only.cells if only else None
    reading.has_cut_lines |= any(row.code == "cut_line" for row in table.bad)
    if is_last:
        _tell_the_end(reading, table, data)
    return table


def _rows(reading: _Reading, data: bytes, is_last: bool) -> Rows:
    delimiter, width, words = reading.layout.delimiter, reading.layout.width, reading.null_words
    if reading.is_compiled:
        from dagster_project.lib.ingest.compiled.lines import regular_rows

        if (rows := regular_rows(data, delimiter, width, reading.line, words)) is not None:
            return rows
    return parse_lines(data, delimiter, width, reading.line, is_last, words)


def _whole_lines(pending: bytes, block: bytes, is_last: bool) -> tuple[bytes, bytes]:
    """The whole lines of the bytes that were left and the next ones, and what stands behind them; everything
    where the text ends."""
    if is_last:
        return pending + block, b""
    end = block.rfind(b"\n") + 1
    if end == len(block) and not pending:
        return block, b""
    if end:
        return b"".join((pending, memoryview(block)[:end])), block[end:]
    data = pending + block
    end = end_of_lines(data)
    return data[:end], data[end:]


def _step_over(reading: _Reading, table: RawTable, data: bytes) -> bytes:
    """Refuses the first line, which has a quote that is not closed; what stands behind it."""
    reading.repairs += 1
    if reading.repairs >= _MOST_REPAIRS:
        raise FileRefusedError("unreadable", f"more than {_MOST_REPAIRS - 1} quotes are not closed")
    end = after_first_line(data)
    table.bad.append(cut_line(reading.line, data[:end].decode(), "a quote is not closed"))
    reading.line += 1
    return data[end:]


def _tell_the_end(reading: _Reading, table: RawTable, data: bytes) -> None:
    if reading.has_cut_lines:
        table.notices.append("a line was cut off and refused; export the file again")
    elif data and not data.endswith((b"\n", b"\r")):
        table.notices.append("the last line has no line break at its end")


def _flagged(blocks: Iterable[bytes]) -> Iterator[tuple[bytes, bool]]:
    """Each block, and whether it is the last."""
    waiting: bytes | None = None
    for block in blocks:
        if waiting is not None:
            yield waiting, False
        waiting = block
    yield waiting or b"", True
