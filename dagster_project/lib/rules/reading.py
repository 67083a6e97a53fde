"""The bytes of a rule file to rows: encoding, shape, header. What cells may hold is in cells.py."""

from __future__ import annotations

import codecs
import csv
import io
from collections.abc import Iterator
from dataclasses import dataclass

from dagster_project.lib.rules.faults import Fault, quoted
from dagster_project.lib.rules.kinds import VALIDITY, Kind

MOST_BYTES = 1_000_000
"""A rule is written by a person; the largest seed that ships has 10 kB."""
_UTF_16 = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)


@dataclass(frozen=True)
class Row:
    """One row as it stands in the file: the line it begins on, and its cells by column."""

    line: int
    cells: dict[str, str]


def read(content: bytes, file: str, kind: Kind) -> tuple[list[Row], list[Fault]]:
    """The rows that have a cell for each column, and what is wrong with the rest."""
    text, fault = _decoded(content, file)
    if text is None:
        return [], [fault] if fault else []
    lines = csv.reader(io.StringIO(text, newline=""), strict=True)
    numbered: list[tuple[int, list[str]]] = []
    try:
        header = next(lines, [])
        begins = lines.line_num + 1
        for cells in lines:
            numbered.append((begins, cells))
            begins = lines.line_num + 1
    except csv.Error as error:
        what = f"cannot be read as CSV ({error})"
        mend = "close its quotes, and save with commas between cells"
        return [], [Fault(file, lines.line_num, None, "csv", what, mend)]
    if faults := list(_header_faults(header, file, kind)):
        return [], faults
    return _rows(numbered, header, file)


def _rows(
    numbered: list[tuple[int, list[str]]], header: list[str], file: str
) -> tuple[list[Row], list[Fault]]:
    rows, faults = [], []
    for line, cells in numbered:
        if not any(cells):
            faults.append(Fault(file, line, None, "blank", "is blank", "delete the line"))
        elif len(cells) != len(header):
            what = f"has {len(cells)} cells, the header has {len(header)}"
            mend = "give it one cell for each column, and quote cells that hold a comma"
            faults.append(Fault(file, line, None, "cells_count", what, mend))
        else:
            rows.append(Row(line, dict(zip(header, cells, strict=True))))
    return rows, faults


def _decoded(content: bytes, file: str) -> tuple[str | None, Fault | None]:
    mend = "save the file as UTF-8"
    if len(content) > MOST_BYTES:
        what = f"has {len(content):,} bytes, more than {MOST_BYTES:,}"
        return None, Fault(
            file, 0, None, "too_long", what, "a rule file holds one kind of rule, nothing else"
        )
    if content.startswith(_UTF_16):
        return None, Fault(file, 1, None, "encoding", "is UTF-16, not UTF-8", mend)
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        what = f"byte {content[error.start]:#04x} is not UTF-8{_looks_like(content)}"
        return None, Fault(file, line, None, "encoding", what, mend)
    if "\0" in text:
        line = text.count("\n", 0, text.index("\0")) + 1
        return None, Fault(file, line, None, "encoding", "holds a NUL character, so it is no text", mend)
    return text, None


def _looks_like(content: bytes) -> str:
    try:
        content.decode("gb18030")
    except UnicodeDecodeError:
        return ""
    return ", the file looks like GB18030"


def _header_faults(header: list[str], file: str, kind: Kind) -> Iterator[Fault]:
    wanted = ", ".join(kind.header)
    mend = f"the columns of {kind.name} are {wanted}"
    if not any(header):
        yield Fault(file, 1, None, "empty", "is empty", f"begin with the header {','.join(kind.header)}")
        return
    for name in dict.fromkeys(header):
        if name not in kind.header:
            yield Fault(file, 1, None, "header_unknown", f"{quoted(name)} is no column of {kind.name}", mend)
        elif header.count(name) > 1:
            what = f"occurs {header.count(name)} times in the header"
            yield Fault(file, 1, name, "header_twice", what, "keep one")
    for name in kind.header:
        if name not in header:
            why = "a rule without validity would change the past" if name in VALIDITY else mend
            yield Fault(file, 1, name, "header_missing", "this column is missing", f"add it: {why}")
