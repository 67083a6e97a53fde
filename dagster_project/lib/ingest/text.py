"""Delimited text → RawTable: delimiter, header row, cut lines and lines of another width.

Quoting follows RFC 4180; a quote inside an unquoted cell is a character (="123").
"""

from __future__ import annotations

import csv
import io
import itertools
from collections.abc import Collection

import polars as pl

from dagster_project.lib.ingest.errors import FileRefusedError
from dagster_project.lib.ingest.headers import HEADER_SCAN_ROWS, canonical_header, find_header
from dagster_project.lib.ingest.table import BadRow, RawTable

DELIMITERS = (",", "\t", ";", "|")
_HEAD_CHARACTERS = 1 << 18
_LARGEST_BLOCK = 1 << 30
_MOST_REPAIRS = 20
"""Unclosed quotes that are stepped over before a file counts as unreadable."""


def read_text(text: str, known: Collection[str]) -> RawTable:
    """The table below the header row. Lines that are no rows come back as bad rows, with their text."""
    delimiter, header_line, headers, width, end = _header(text[:_HEAD_CHARACTERS], known)
    body = text[end:]
    table = RawTable(headers, pl.DataFrame(), pl.Series())
    frames, lines, first = [], [], header_line + 1
    for _ in range(_MOST_REPAIRS):
        frame, rest = _parse(body, delimiter, width, first, table)
        frames.append(frame.drop("line"))
        lines.append(frame["line"])
        if rest is None:
            break
        first, body = rest
    else:
        raise FileRefusedError("unreadable", f"more than {_MOST_REPAIRS} quotes are not closed")
    table.frame, table.lines = pl.concat(frames), pl.concat(lines)
    table.headers += [""] * (width - len(headers))
    if body and not body.endswith(("\n", "\r")) and not any(row.code == "cut_line" for row in table.bad):
        table.notices.append("the last line has no line break at its end")
    return table


def _header(head: str, known: Collection[str]) -> tuple[str, int, list[str], int, int]:
    """Delimiter, line number of the header, names, number of cells in a row, and where the rows begin."""
    best: tuple[int, str, int, list[list[str]]] | None = None
    for delimiter in DELIMITERS:
        rows, ends = [], []
        reader = csv.reader(io.StringIO(head, newline=""), delimiter=delimiter)
        try:
            for row in itertools.islice(reader, HEADER_SCAN_ROWS * 2):
                rows.append(row)
                ends.append(reader.line_num)
            at = find_header(rows, known)
        except (csv.Error, FileRefusedError):
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


def _parse(
    body: str, delimiter: str, width: int, first: int, table: RawTable
) -> tuple[pl.DataFrame, tuple[int, str] | None]:
    """Rows with their line numbers; the rest of the text where a quote was not closed, else null."""
    import pyarrow as pa
    import pyarrow.csv as pc

    names = [f"c{i}" for i in range(width)]
    empty = pl.DataFrame(schema=dict.fromkeys(names, pl.String) | {"line": pl.Int64})
    data = body.encode()
    if not data.strip():
        return empty, None
    skipped: list[tuple[int, int, str]] = []

    def skip(row: pc.InvalidRow) -> str:
        skipped.append((row.number - 1, row.actual_columns, row.text))
        return "skip"

    try:
        arrow = pc.read_csv(
            pa.BufferReader(data),
            pc.ReadOptions(
                use_threads=False, column_names=names, block_size=min(len(data) + 1, _LARGEST_BLOCK)
            ),
            pc.ParseOptions(
                delimiter=delimiter,
                newlines_in_values=True,
                ignore_empty_lines=False,
                invalid_row_handler=skip,
            ),
            pc.ConvertOptions(column_types=dict.fromkeys(names, pa.large_string()), check_utf8=False),
        )
    except pa.ArrowInvalid as error:
        raise FileRefusedError(
            "unreadable", f"not a table of text: {' '.join(str(error).split())[:200]}"
        ) from error
    frame = pl.from_arrow(arrow)
    assert isinstance(frame, pl.DataFrame)
    frame = frame.with_columns(
        _lines(frame, skipped, first, data.rstrip(b"\n").count(b"\n") + 1).alias("line")
    )
    rest = None
    cut = _unclosed(frame, data)
    if cut is not None:
        opening, line = cut
        stop = data.find(b"\n", opening)
        start = data.rfind(b"\n", 0, opening) + 1
        end = len(data) if stop < 0 or stop + 1 >= len(data) else stop + 1
        table.bad.append(_cut(line, data[start:end].decode(), "a quote is not closed"))
        frame, rest = frame[:-1], (line + 1, data[end:].decode())
    frame = frame.filter(~pl.all_horizontal((pl.col(name) == "") for name in names))
    _report(skipped, width, first, body, table)
    return frame, rest


def _lines(frame: pl.DataFrame, skipped: list[tuple[int, int, str]], first: int, length: int) -> pl.Series:
    """Line on which each row begins: one line a row, plus line breaks inside cells and in rows that were
    skipped. `length` is how many lines there are, empty ones at the end left out."""
    gaps = {number: text.count("\n") for number, _, text in skipped}
    total = frame.height + len(gaps)
    kept = pl.DataFrame({"n": pl.int_range(total, eager=True)}).filter(~pl.col("n").is_in(list(gaps)))["n"]
    if length <= total:
        return (kept + first).rename("line")
    broken = [c for c in frame.columns if frame[c].str.contains("\n", literal=True).any()]
    inside = pl.Series([0] * total, dtype=pl.Int64)
    counts = frame.select(
        pl.sum_horizontal(pl.col(c).str.count_matches("\n") for c in broken or ["c0"])
    ).to_series()
    inside = inside.scatter(kept.to_list(), counts.cast(pl.Int64))
    inside = inside.scatter(list(gaps), list(gaps.values()))
    before = inside.cum_sum().shift(1, fill_value=0)
    return (kept + first + before.gather(kept)).rename("line")


def _unclosed(frame: pl.DataFrame, data: bytes) -> tuple[int, int] | None:
    """Offset and line of a quote that no other closes: the last cell then runs to the very end of the
    bytes."""
    if not frame.height:
        return None
    last = frame[-1, frame.width - 2]
    tail = (last or "").encode().replace(b'"', b'""')
    opening = len(data) - len(tail) - 1
    if opening < 0 or data[opening : opening + 1] != b'"' or not data.endswith(tail):
        return None
    if data[opening - 1 : opening] == b'"' and not tail:
        return None
    return opening, int(frame[-1, "line"])


def _report(skipped: list[tuple[int, int, str]], width: int, first: int, body: str, table: RawTable) -> None:
    whole = body.endswith(("\n", "\r"))
    last = max((number for number, _, _ in skipped), default=-1)
    breaks = 0
    for number, cells, text in skipped:
        line = first + number + breaks
        breaks += text.count("\n")
        if number == last and not whole and body.endswith(text):
            table.bad.append(_cut(line, text, f"the file ends after {cells} of {width} cells"))
        else:
            reason = f"the line has {cells} cells, the header {width}"
            table.bad.append(BadRow(line, "cell_count", reason, raw=text))


def _cut(line: int, raw: str, why: str) -> BadRow:
    return BadRow(line, "cut_line", f"the file ends inside this line: {why}", raw=raw)
