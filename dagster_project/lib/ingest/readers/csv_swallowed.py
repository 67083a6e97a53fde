"""Rows that a stray quote made of several lines: the right number of cells, other rows inside one of them.

Such a row is told instead of taken: its lines go to quarantine whole. A cell that holds line breaks between
proper quotes is no such row.
"""

from __future__ import annotations

import polars as pl

from dagster_project.lib.ingest.readers.table import BadRow

_SUSPECT = r'[\r\n][\s\S]*"$'
"""What is left in a cell whose quote was closed by the opening quote of a later row."""


def swallowed_rows(
    frame: pl.DataFrame, starts: pl.Series, lengths: pl.Series, data: bytes, delimiter: str
) -> dict[int, BadRow]:
    """By position in the frame: the rows whose quotes do not fit. `starts` are the lines on which the rows of
    the frame begin, counted from 0 in `data`, `lengths` how many lines each has."""
    import numpy as np

    columns = [pl.col(name).str.contains(_SUSPECT).fill_null(False) for name in frame.columns]
    suspects = frame.select(pl.any_horizontal(columns)).to_series().arg_true().to_list()
    if not suspects:
        return {}
    ends = np.flatnonzero(np.frombuffer(data, np.uint8) == 10) + 1
    begins = np.concatenate((np.zeros(1, np.int64), ends))
    found = {}
    for position in suspects:
        first, count = int(starts[position]), int(lengths[position])
        end = begins[first + count] if first + count < len(begins) else len(data)
        raw = data[begins[first] : end].rstrip(b"\r\n")
        if not _is_well_quoted(raw, delimiter.encode()):
            reason = f"a quote that is not closed makes one row of {count} lines"
            found[position] = BadRow(first, "cell_count", reason, raw=raw.decode())
    return found


def _is_well_quoted(record: bytes, mark: bytes) -> bool:
    """Whether every quoted cell ends where its closing quote stands."""
    at = 0
    while True:
        if record[at : at + 1] == b'"':
            close = record.find(b'"', at + 1)
            while close >= 0 and record[close + 1 : close + 2] == b'"':
                close = record.find(b'"', close + 2)
            if close < 0 or record[close + 1 : close + 2] not in (b"", mark):
                return False
            at = close + 1
        at = record.find(mark, at) + 1
        if not at:
            return True
