"""A sample of a text file: its encoding, its delimiter, its first rows; JSON as a list of objects."""

from __future__ import annotations

import codecs
import csv
import io
import itertools
import json
from collections.abc import Collection
from typing import Any

from dagster_project.lib.channel.header_row import Grid, header_row

DELIMITERS = (",", "\t", ";", "|")
_ROWS = 20_000
_CUT_BYTES = 4
"""The longest character of UTF-8 and GB18030: a sample may end inside one."""


def decoded(data: bytes, *, whole: bool) -> tuple[str, str]:
    """The text without byte order mark and NUL bytes, and its encoding: utf-8, utf-16 or gb18030."""
    if data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return data.decode("utf-16", "replace"), "utf-16"
    data = data.removeprefix(codecs.BOM_UTF8).replace(b"\0", b"")
    for encoding in ("utf-8", "gb18030"):
        try:
            return data.decode(encoding), encoding
        except UnicodeDecodeError as error:
            if error.start >= len(data) - _CUT_BYTES and not whole:
                return data[: error.start].decode(encoding), encoding
    return data.decode("gb18030", "replace"), "gb18030"


def grid(text: str, known: Collection[str]) -> tuple[str, Grid]:
    """The delimiter under which a header is found with the most names known, then with the most cells."""
    grids = {delimiter: _rows(text, delimiter) for delimiter in DELIMITERS}

    def rank(delimiter: str) -> tuple[int, int]:
        rows = grids[delimiter]
        at = header_row(rows, known)
        return rows.known_names(known), 0 if at is None else len(rows.rows[at])

    best = max(DELIMITERS, key=rank)
    return best, grids[best]


def json_objects(text: str, most: int) -> list[dict[str, Any]]:
    """Objects of a list, of one document, or one a line; a line that is none is left out."""
    try:
        document = json.loads(text)
    except ValueError:
        document = [_object(line) for line in itertools.islice(text.splitlines(), most)]
    items = document if isinstance(document, list) else [document]
    return [item for item in items[:most] if isinstance(item, dict)]


def _object(line: str) -> Any:  # noqa: ANN401 (a JSON value)
    try:
        return json.loads(line)
    except ValueError:
        return None


def _rows(text: str, delimiter: str) -> Grid:
    rows: list[list[str | None]] = []
    lines: list[int] = []
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
    before = 0
    try:
        for row in itertools.islice(reader, _ROWS):
            rows.append(list(row))
            lines.append(before + 1)
            before = reader.line_num
    except csv.Error:
        pass
    return Grid(rows, lines)
