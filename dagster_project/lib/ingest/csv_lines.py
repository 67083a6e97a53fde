"""Lines of delimited text → rows with their line numbers; which lines are none, and where a quote is not
closed.

The header stands in text.py; what a cell means is no concern here.
"""

from __future__ import annotations

from collections.abc import Collection

import polars as pl

from dagster_project.lib.ingest.errors import FileRefusedError
from dagster_project.lib.ingest.table import BadRow, RawTable

Skipped = tuple[int, int, str]
"""A line of another width: its number among all rows from 0, how many cells it has, its text."""
_LARGEST_BLOCK = 1 << 30


def parse_lines(
    body: str, delimiter: str, width: int, first: int, table: RawTable
) -> tuple[pl.DataFrame, tuple[int, str] | None]:
    """Rows with their line numbers; the rest of the text where a quote was not closed, else null."""
    import pyarrow as pa
    import pyarrow.csv as pc

    names = [f"c{i}" for i in range(width)]
    empty = pl.DataFrame(schema=dict.fromkeys(names, pl.String) | {"line": pl.Int64})
    data = body.encode()
    if not data or data.isspace():
        return empty, None
    skipped: list[Skipped] = []

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
    starts = _starts(frame, skipped, first, data.rstrip(b"\r\n").count(b"\n") + 1)
    kept = _kept(len(starts), [number for number, _, _ in skipped])
    frame = frame.with_columns(starts.gather(kept).alias("line"))
    rest = None
    cut = _unclosed(frame, data)
    if cut is not None:
        opening, line = cut
        stop = data.find(b"\n", opening)
        start = data.rfind(b"\n", 0, opening) + 1
        end = len(data) if stop < 0 or stop + 1 >= len(data) else stop + 1
        table.bad.append(_cut(line, data[start:end].decode(), "a quote is not closed"))
        frame, rest = frame[:-1], (line + 1, data[end:].decode())
    if (frame["c0"] == "").any():
        frame = frame.filter(~pl.all_horizontal((pl.col(name) == "") for name in names))
    _report(skipped, width, starts, body, table)
    return frame, rest


def _starts(frame: pl.DataFrame, skipped: list[Skipped], first: int, length: int) -> pl.Series:
    """Line on which each row begins, skipped rows among the others: one line a row, and what breaks inside
    it.

    `length` is how many lines there are, empty ones at the end left out.
    """
    gaps = {number: text.count("\n") for number, _, text in skipped}
    total = frame.height + len(gaps)
    rows = pl.int_range(total, eager=True)
    if length <= total:
        return rows + first
    broken = [name for name in frame.columns if frame[name].str.contains("\n", literal=True).any()]
    inside = pl.Series([0], dtype=pl.Int64).new_from_index(0, total).scatter(list(gaps), list(gaps.values()))
    if broken:
        counts = frame.select(pl.sum_horizontal(pl.col(broken).str.count_matches("\n")).cast(pl.Int64))
        inside = inside.scatter(_kept(total, gaps), counts.to_series())
    return rows + first + inside.cum_sum().shift(1, fill_value=0)


def _kept(total: int, skipped: Collection[int]) -> pl.Series:
    rows = pl.int_range(total, eager=True)
    return rows.filter(~rows.is_in(list(skipped))) if skipped else rows


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


def _report(skipped: list[Skipped], width: int, starts: pl.Series, body: str, table: RawTable) -> None:
    whole = body.endswith(("\n", "\r"))
    last = max((number for number, _, _ in skipped), default=-1)
    for number, cells, text in skipped:
        line = int(starts[number])
        if number == last and not whole and body.endswith(text):
            table.bad.append(_cut(line, text, f"the file ends after {cells} of {width} cells"))
        else:
            reason = f"the line has {cells} cells, the header {width}"
            table.bad.append(BadRow(line, "cell_count", reason, raw=text))


def _cut(line: int, raw: str, why: str) -> BadRow:
    return BadRow(line, "cut_line", f"the file ends inside this line: {why}", raw=raw)
