"""One block of delimited text → rows with their line numbers; which lines are none, and what the block's end
cuts.

The header stands in text.py, open quotes in csv_quotes.py; what a cell means is no concern here.
"""

from __future__ import annotations

from codecs import BOM_UTF8
from collections.abc import Callable, Collection
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

import polars as pl

from dagster_project.lib.ingest.errors import FileRefusedError
from dagster_project.lib.ingest.readers.csv_quotes import holds, last_lines, line_ends, open_quote
from dagster_project.lib.ingest.readers.csv_swallowed import swallowed_rows
from dagster_project.lib.ingest.readers.plain_cells import plain_columns
from dagster_project.lib.ingest.readers.table import BadRow, made

if TYPE_CHECKING:
    import pyarrow as pa

_DAMAGE = "\ufffd".encode()
_LARGEST_BLOCK = (1 << 31) - 2
SkippedLine = tuple[int, int, str]
"""A line of another width: its number among all rows from 0, how many cells it has, its text."""


@dataclass
class Rows:
    """What a block came to. `rest`, from the line `rest_line` on, could not be read: its first record has an
    open quote."""

    raw: pl.DataFrame | Callable[[], pl.DataFrame]
    lines: pl.Series
    bare: frozenset[str] = frozenset()
    plain: frozenset[str] = frozenset()
    bad: list[BadRow] = field(default_factory=list)
    rest: bytes | None = None
    rest_line: int = 0
    ends: int = 0
    """Line ends in the bytes."""
    damaged: bool = False
    """Whether U+FFFD stands in the bytes."""
    cells: pl.DataFrame | None = None
    """The canonical cells, where they are made already."""

    @property
    def frame(self) -> pl.DataFrame:
        """The raw cells."""
        self.raw = made(self.raw)
        return self.raw


def parse_lines(
    data: bytes, delimiter: str, width: int, first: int, is_last: bool, null_words: Collection[str]
) -> Rows:
    """The rows of whole lines of UTF-8 (`width` text columns c0 …, empty cells null), blank rows left out.

    `first` is the number of the first line, `is_last` says that the file ends with these bytes.
    """
    names = [f"c{i}" for i in range(width)]
    if not data.strip(b"\r\n"):
        empty = pl.DataFrame(schema=dict.fromkeys(names, pl.String))
        return Rows(
            empty, pl.Series(dtype=pl.Int64), frozenset(names), frozenset(names), ends=line_ends(data)
        )
    arrow, skipped = _read(data, delimiter, names)
    frame = pl.from_arrow(arrow)
    assert isinstance(frame, pl.DataFrame)
    ends = line_ends(data)
    length = ends + (not data.endswith((b"\n", b"\r")))
    starts = _starts(frame, skipped, first, length)
    record, line = data, first
    opening = None
    if b'"' in data:
        line = int(starts[-1])
        record = last_lines(data, length - (line - first))
        opening = open_quote(record, delimiter)
    numbers = [number for number, _, _ in skipped]
    lines = starts.gather(_others(len(starts), numbers))
    rows = Rows(frame, lines, *plain_columns(arrow, null_words), ends=ends, damaged=holds(data, _DAMAGE))
    if opening is not None:
        rows.rest, rows.rest_line = record, line
        if numbers and numbers[-1] == len(starts) - 1:
            skipped = skipped[:-1]
        else:
            rows.raw, rows.lines = frame[:-1], rows.lines[:-1]
    ends_cut = is_last and opening is None and not data.endswith((b"\n", b"\r"))
    rows.bad = [_misfit(skip, width, starts, ends_cut) for skip in skipped]
    if length > len(starts) and b'"' in data and data.count(b"\r") == data.count(b"\r\n"):
        _drop_swallowed(rows, starts, first, length, data, delimiter)
    _drop_blank(rows)
    return rows


def _drop_swallowed(
    rows: Rows, starts: pl.Series, first: int, length: int, data: bytes, delimiter: str
) -> None:
    """Refuses the rows that a stray quote made of several lines."""
    after = starts.shift(-1, fill_value=first + length)
    counts = (after - starts).filter(starts.is_in(rows.lines.implode()))
    found = swallowed_rows(rows.frame, rows.lines - first, counts, data, delimiter)
    if found:
        keep = ~pl.int_range(rows.frame.height, eager=True).is_in(list(found))
        rows.bad += [replace(row, line=row.line + first) for row in found.values()]
        rows.raw, rows.lines = rows.frame.filter(keep), rows.lines.filter(keep)


def cut_line(line: int, raw: str, why: str) -> BadRow:
    """A line that the file's end or an open quote cut."""
    return BadRow(line, "cut_line", f"the file ends inside this line: {why}", raw=raw)


def _read(data: bytes, delimiter: str, names: list[str]) -> tuple[pa.Table, list[SkippedLine]]:
    import pyarrow as pa
    import pyarrow.csv as pc

    # A mark at the beginning is taken off, and here begins no file: a block may begin with any line.
    skipped: list[SkippedLine] = []

    def skip(row: pc.InvalidRow) -> str:
        skipped.append((row.number - 1, row.actual_columns, row.text))
        return "skip"

    try:
        arrow = pc.read_csv(
            pa.BufferReader(BOM_UTF8 + data if data.startswith(BOM_UTF8) else data),
            pc.ReadOptions(
                use_threads=False, column_names=names, block_size=min(len(data) + 1, _LARGEST_BLOCK)
            ),
            pc.ParseOptions(
                delimiter=delimiter,
                newlines_in_values=True,
                ignore_empty_lines=False,
                invalid_row_handler=skip,
            ),
            pc.ConvertOptions(
                column_types=dict.fromkeys(names, pa.large_string()),
                check_utf8=False,
                strings_can_be_null=True,
                null_values=[""],
            ),
        )
    except pa.ArrowInvalid as error:
        raise FileRefusedError(
            "unreadable", f"not a table of text: {' '.join(str(error).split())[:200]}"
        ) from error
    return arrow, skipped


def _starts(frame: pl.DataFrame, skipped: list[SkippedLine], first: int, length: int) -> pl.Series:
    """Line on which each row begins, skipped rows among the others: one line a row, and what breaks inside
    it. `length` is how many lines there are."""
    gaps = {number: line_ends(text.encode()) for number, _, text in skipped}
    total = frame.height + len(gaps)
    rows = pl.int_range(total, eager=True)
    if length <= total:
        return rows + first
    broken = [name for name in frame.columns if frame[name].str.contains(r"[\r\n]").any()]
    inside = pl.Series([0], dtype=pl.Int64).new_from_index(0, total).scatter(list(gaps), list(gaps.values()))
    if broken:
        breaks = pl.col(broken).str.count_matches(r"\r\n|\r|\n").fill_null(0)
        counts = frame.select(pl.sum_horizontal(breaks).cast(pl.Int64))
        inside = inside.scatter(_others(total, list(gaps)), counts.to_series())
    return rows + first + inside.cum_sum().shift(1, fill_value=0)


def _others(total: int, skipped: Collection[int]) -> pl.Series:
    rows = pl.int_range(total, eager=True)
    return rows.filter(~rows.is_in(list(skipped))) if skipped else rows


def _misfit(skip: SkippedLine, width: int, starts: pl.Series, ends_cut: bool) -> BadRow:
    number, cells, text = skip
    line = int(starts[number])
    if ends_cut and number == len(starts) - 1:
        return cut_line(line, text, f"the file ends after {cells} of {width} cells")
    return BadRow(line, "cell_count", f"the line has {cells} cells, the header {width}", raw=text)


def _drop_blank(rows: Rows) -> None:
    if rows.frame.height and rows.frame["c0"].null_count():
        filled = rows.frame.select(~pl.all_horizontal(pl.all().is_null())).to_series()
        if not filled.all():
            rows.raw, rows.lines = rows.frame.filter(filled), rows.lines.filter(filled)
