"""Delimited text → RawTable: delimiter, header row, cut lines and lines of another width.

Quoting follows RFC 4180; a quote inside an unquoted cell is a character (="123").
"""

from __future__ import annotations

import csv
import io
import itertools
from collections.abc import Collection

import polars as pl

from dagster_project.lib.ingest.csv_lines import parse_lines
from dagster_project.lib.ingest.errors import FileRefusedError
from dagster_project.lib.ingest.headers import HEADER_SCAN_ROWS, canonical_header, find_header
from dagster_project.lib.ingest.table import RawTable

DELIMITERS = (",", "\t", ";", "|")
_HEAD_CHARACTERS = 1 << 18
_MOST_REPAIRS = 20
"""Unclosed quotes that are stepped over before a file counts as unreadable."""


def read_text(text: str, known: Collection[str]) -> RawTable:
    """The table below the header row. Lines that are no rows come back as bad rows, with their text."""
    delimiter, header_line, headers, width, end = _header(text[:_HEAD_CHARACTERS], known)
    body = text[end:]
    table = RawTable(headers, pl.DataFrame(), pl.Series())
    frames, lines, first = [], [], header_line + 1
    for _ in range(_MOST_REPAIRS):
        frame, rest = parse_lines(body, delimiter, width, first, table)
        frames.append(frame.drop("line"))
        lines.append(frame["line"])
        if rest is None:
            break
        first, body = rest
    else:
        raise FileRefusedError("unreadable", f"more than {_MOST_REPAIRS} quotes are not closed")
    table.frame, table.lines = pl.concat(frames), pl.concat(lines)
    table.headers += [""] * (width - len(headers))
    if any(row.code == "cut_line" for row in table.bad):
        table.notices.append("a line was cut off and refused; export the file again")
    elif body and not body.endswith(("\n", "\r")):
        table.notices.append("the last line has no line break at its end")
    return table


def _header(head: str, known: Collection[str]) -> tuple[str, int, list[str], int, int]:
    """Delimiter, line number of the header, names, number of cells in a row, and where the rows begin."""
    best: tuple[int, str, int, list[list[str]]] | None = None
    for delimiter in DELIMITERS:
        rows, ends = _first_rows(head, delimiter)
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
    headers = rows[0]
    wider = [len(row) for row in rows[1:] if len(row) > len(headers) and not any(row[len(headers) :])]
    width = min(wider) if len(wider) == len([row for row in rows[1:] if row]) and wider else len(headers)
    position = sum(len(part) for part in itertools.islice(io.StringIO(head, newline=""), line))
    return delimiter, line, headers, width, position


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
