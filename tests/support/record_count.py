"""An independent count of the records of a text file, to hold ingestion against: plain lines and the standard
library's CSV reader, nothing of ours but the list of known headers."""

from __future__ import annotations

import csv
import io
from collections.abc import Collection

HEADER_LINES = 20
_LARGEST_FIELD = 1 << 24


def text_of(data: bytes) -> str | None:
    """The text of the bytes; None where they are not wholly text of one encoding."""
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        try:
            return data.decode("utf-16").replace("\0", "")
        except UnicodeDecodeError:
            return None
    data = data.replace(b"\0", b"")
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            return data.decode(encoding)
        except UnicodeDecodeError:
            continue
    return None


def records_below_header(text: str, known: Collection[str]) -> int | None:
    """How many records stand below the header row; None where the text does not say so without doubt.

    Doubtful are a lone CR, a line with an odd number of quotes, and a header that no line or several could
    be. A record of blank cells alone is none.
    """
    if "\r" in text.replace("\r\n", ""):
        return None
    lines = text.replace("\r\n", "\n").split("\n")
    if any(line.count('"') % 2 for line in lines):
        return None
    delimiter = (
        "\t" if sum(line.count("\t") for line in lines) > sum(line.count(",") for line in lines) else ","
    )
    csv.field_size_limit(_LARGEST_FIELD)
    rows = list(csv.reader(io.StringIO("\n".join(lines)), delimiter=delimiter))
    named = [len({_plain(cell) for cell in row} & set(known)) for row in rows[:HEADER_LINES]]
    if not named or max(named) < 3 or sorted(named)[-2:].count(max(named)) > 1:
        return None
    below = rows[named.index(max(named)) + 1 :]
    return sum(1 for row in below if any(cell.strip(" \t\u3000") for cell in row))


def _plain(cell: str) -> str:
    return "".join(cell.split()).strip("'\ufeff\u200b").lower()
