"""Delimited text as a table of text cells, chunk by chunk: encoding, delimiter, header, lines of another
width.

Encodings are judged over the whole file (`lib/ingest/readers/blocks.py`): UTF-8, UTF-16 by its mark, else
GB18030.
"""

from __future__ import annotations

import csv
import io
import itertools
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import polars as pl

from dagster_project.lib.errors import LuyueError
from dagster_project.lib.ingest.errors import FileRefusedError
from dagster_project.lib.ingest.readers.blocks import (
    TextFacts,
    WrongEncodingError,
    less_damaged,
    lossy_blocks,
    strict_blocks,
)
from dagster_project.lib.ingest.readers.sniff import UTF_16, encodings_of
from dagster_project.lib.ingest.readers.source import ByteSource

if TYPE_CHECKING:
    import pyarrow.csv as pc

DELIMITERS = (",", "\t", ";", "|")
BLOCK_BYTES = 16 << 20
"""Bytes that are parsed at a time, and so the longest row."""
_HEAD_BYTES = 1 << 18


@dataclass
class Misfit:
    """A line of another width: its number among the rows (the header is 0) and its text."""

    number: int
    text: str


def open_text(
    source: ByteSource, path: Path, column: str
) -> tuple[list[str], Iterator[pl.DataFrame], list[str]]:
    """Names, chunks of text cells, and notices, which are complete after the last chunk."""
    blocks, notices = _decoded(source, path)
    first = next(blocks, b"")
    head = first[:_HEAD_BYTES].decode("utf-8", "ignore")
    delimiter, cells, above = _header(head, column)
    headers, told = unique_names(trimmed(cells))
    notices += told
    width = len(headers)
    stream = _Stream(itertools.chain([first[above:]], blocks))
    return headers, _chunks(stream, path, delimiter, headers, width, notices), notices


def trimmed(cells: Iterable[str | None]) -> list[str]:
    """Header cells without the spaces around them."""
    return [(cell or "").strip() for cell in cells]


def unique_names(cells: list[str]) -> tuple[list[str], list[str]]:
    """The names, each once: an empty one by its place, a repeated one with its number; and what to say."""
    names: list[str] = []
    notices = []
    for place, cell in enumerate(cells, start=1):
        name, count = cell or f"column_{place}", 1
        while name in names:
            count += 1
            name = f"{cell or 'column'}_{count}"
        if cell and name != cell:
            notices.append(
                f"the column {cell} occurs more than once: the one at place {place} is called {name}"
            )
        names.append(name)
    return names, notices


def _decoded(source: ByteSource, path: Path) -> tuple[Iterator[bytes], list[str]]:
    """The blocks as UTF-8 in the first encoding that holds for the whole file, and what to say of it."""
    notices: list[str] = []
    for encoding in encodings_of(source, ()):
        if encoding == UTF_16:
            return lossy_blocks(source, UTF_16, TextFacts()), notices
        facts = TextFacts()
        try:
            for _ in strict_blocks(source, encoding, facts):
                pass
        except WrongEncodingError:
            continue
        notices += facts.notices(encoding)
        return strict_blocks(source, encoding, TextFacts()), notices
    encoding, facts = less_damaged(source), TextFacts()
    try:
        for _ in lossy_blocks(source, encoding, facts):
            pass
    except FileRefusedError as error:
        raise LuyueError(f"{path}: {error.reason}; save it as UTF-8") from error
    notices.append(f"{facts.bad_characters} characters are no {encoding} text and were replaced by U+FFFD")
    return lossy_blocks(source, encoding, TextFacts()), notices


def _header(head: str, column: str) -> tuple[str, list[str], int]:
    """The delimiter that makes `column` a name, the header's cells, and how many bytes it takes."""
    best: tuple[bool, int, str, list[str], int] | None = None
    for delimiter in DELIMITERS:
        reader = csv.reader(io.StringIO(head, newline=""), delimiter=delimiter)
        cells: list[str] = next((row for row in reader if any(cell.strip() for cell in row)), [""])
        lines = "".join(itertools.islice(io.StringIO(head, newline=""), reader.line_num))
        found = (column in trimmed(cells), len(cells), delimiter, cells, len(lines.encode()))
        if best is None or found[:2] > best[:2]:
            best = found
    assert best is not None
    return best[2], best[3], best[4]


def _chunks(
    stream: _Stream, path: Path, delimiter: str, headers: list[str], width: int, notices: list[str]
) -> Iterator[pl.DataFrame]:
    import pyarrow as pa

    misfits: list[Misfit] = []
    names = [f"c{place}" for place in range(width)]
    odd, row = 0, 0
    schema = dict.fromkeys(headers, pl.String)
    try:
        for batch in _batches(stream, delimiter, names, misfits):
            frame = pl.from_arrow(batch)
            assert isinstance(frame, pl.DataFrame)
            frame.columns = headers
            whole, used = _with_misfits(frame, misfits, row, delimiter)
            odd, row = odd + used, row + whole.height
            yield whole
    except pa.ArrowInvalid as error:
        said = " ".join(str(error).split())[:120]
        raise LuyueError(
            f"{path}: cannot be read behind row {row} ({said}); is a quote not closed?"
        ) from error
    if misfits or not row:
        rest, used = _with_misfits(pl.DataFrame(schema=schema), misfits, row, delimiter)
        odd += used
        yield rest
    if odd:
        notices.append(f"{odd} rows have more or fewer cells than the header: filled up, or cut at its width")


def _batches(
    stream: _Stream, delimiter: str, names: list[str], misfits: list[Misfit]
) -> Iterator[pa.RecordBatch]:  # type: ignore[name-defined]  # noqa: F821 (pyarrow is heavy, and untyped)
    import pyarrow as pa
    import pyarrow.csv as pc

    def skip(line: pc.InvalidRow) -> str:
        misfits.append(Misfit(line.number - 1, line.text))
        return "skip"

    if not stream.any_left():
        return
    reader = pc.open_csv(
        pa.PythonFile(stream, mode="r"),
        pc.ReadOptions(use_threads=False, column_names=names, block_size=BLOCK_BYTES),
        pc.ParseOptions(
            delimiter=delimiter,
            newlines_in_values=True,
            ignore_empty_lines=False,
            invalid_row_handler=skip,
        ),
        pc.ConvertOptions(
            column_types=dict.fromkeys(names, pa.large_string()), check_utf8=False, strings_can_be_null=False
        ),
    )
    yield from reader


def _with_misfits(
    frame: pl.DataFrame, misfits: list[Misfit], row: int, delimiter: str
) -> tuple[pl.DataFrame, int]:
    """The rows with those lines of another width that stand among or right behind them, from row `row` on."""
    used = 0
    while used < len(misfits) and misfits[used].number <= row + frame.height + used:
        used += 1
    if not used:
        return frame, 0
    width = frame.width
    cells = [
        (next(csv.reader([m.text], delimiter=delimiter), []) + [""] * width)[:width] for m in misfits[:used]
    ]
    odd = pl.DataFrame(cells, schema=frame.schema, orient="row")
    places = pl.Series("place", [m.number - row for m in misfits[:used]], dtype=pl.Int64)
    del misfits[:used]
    all_places = pl.int_range(frame.height + used, eager=True)
    regular = all_places.filter(~all_places.is_in(places.implode()))
    both = pl.concat([frame, odd]).with_columns(pl.concat([regular, places]).alias("\0place"))
    return both.sort("\0place").drop("\0place"), used


class _Stream(io.RawIOBase):
    """Blocks of bytes as a file that can be read once."""

    def __init__(self, blocks: Iterator[bytes]) -> None:
        super().__init__()
        self._blocks = blocks
        self._left = b""

    def readable(self) -> bool:
        return True

    def any_left(self) -> bool:
        """Whether a byte is still to come."""
        while not self._left:
            block = next(self._blocks, None)
            if block is None:
                return False
            self._left = block
        return True

    def read(self, size: int = -1) -> bytes:
        if size < 0:
            rest = self._left + b"".join(self._blocks)
            self._left = b""
            return rest
        if not self.any_left():
            return b""
        piece, self._left = self._left[:size], self._left[size:]
        return piece
